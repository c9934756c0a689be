package io.stepstream.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes definitions that are valid and end: states of all types lead forwards only, Parallel and Map nested up to five deep,
 * with retriers, catchers, variables, templates, intrinsic functions and JSONata. What they do is not meant to make sense, and now and
 * then it fails. The input must have {@code items}, an array, and {@code n}, a number.
 */
final class RandomDefinition {

    private static final int MAX_DEPTH = 5;

    private final Random random;
    private int statesLeft = 30;
    private int names;

    /** Whether the machine is JSONata, so that all its states are. */
    private final boolean machineIsJsonata;

    /** Whether the present state is. */
    private boolean jsonata;

    private RandomDefinition(Random random) {
        this.random = random;
        this.machineIsJsonata = random.nextInt(4) == 0;
    }

    static String of(Random random) {
        var writer = new RandomDefinition(random);
        var machine = writer.workflow(1, List.of());
        if (writer.machineIsJsonata) {
            machine.put("QueryLanguage", "JSONata");
        }
        if (writer.oneIn(4)) {
            machine.put("TimeoutSeconds", 20 + random.nextInt(500));
        }
        return machine.toString();
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static ObjectNode object() {
        return Json.shared().createObjectNode();
    }

    /** {@code outer} are the variables that are surely assigned around it. */
    private ObjectNode workflow(int depth, List<String> outer) {
        int scope = names++;
        var variables = new ArrayList<>(outer);
        var states = new ArrayList<String>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            states.add("s" + names++);
        }
        statesLeft -= states.size();
        var workflow = object();
        workflow.put("StartAt", states.get(0));
        var all = workflow.putObject("States");
        for (int i = 0; i < states.size(); i++) {
            var later = states.subList(i + 1, states.size());
            all.set(states.get(i), state(depth, scope, variables, later));
        }
        return workflow;
    }

    private ObjectNode state(int depth, int scope, List<String> variables, List<String> later) {
        boolean last = later.isEmpty();
        boolean mayNest = depth < MAX_DEPTH && statesLeft > 0;
        int what = random.nextInt(100);
        var state = object();
        boolean ownLanguage = machineIsJsonata || oneIn(3);
        jsonata = ownLanguage;
        if (jsonata && !machineIsJsonata) {
            state.put("QueryLanguage", "JSONata");
        }
        if (what < 20) {
            pass(state, variables);
        } else if (what < 42) {
            task(state, variables);
        } else if (what < 52) {
            state.put("Type", "Wait");
            if (jsonata && oneIn(2)) {
                state.put("Seconds", "{% $states.context.Execution.Input.n %}");
            } else {
                state.put("Seconds", random.nextInt(20));
            }
        } else if (what < 62 && !last) {
            choice(state, scope, variables, later);
            return state;
        } else if (what < 67 && last) {
            state.put("Type", "Succeed");
            return state;
        } else if (what < 70 && last) {
            state.put("Type", "Fail").put("Error", oneOf("Busy", "Broken"));
            state.put(jsonata ? "Cause" : "CausePath", jsonata ? "{% $states.context.State.Name %}" : "$$.State.Name");
            return state;
        } else if (what < 85 && mayNest) {
            parallel(state, depth, variables);
        } else if (mayNest) {
            map(state, depth, variables);
        } else {
            pass(state, variables);
        }
        // What stood in it had languages of its own.
        jsonata = ownLanguage;
        if (last) {
            state.put("End", true);
        } else {
            state.put("Next", later.get(0));
        }
        dataFlow(state, variables);
        errors(state, scope, variables, later);
        // Once no later state can be reached but by this one.
        boolean sure = !state.has("Catch");
        if (oneIn(3)) {
            assign(state, scope, variables, sure);
        }
        return state;
    }

    private void pass(ObjectNode state, List<String> variables) {
        state.put("Type", "Pass");
        if (jsonata) {
            return;
        }
        if (oneIn(3)) {
            state.set("Result", object().put("made", random.nextInt(10)));
        } else if (oneIn(2)) {
            state.set("Parameters", template(variables));
        }
    }

    private void task(ObjectNode state, List<String> variables) {
        state.put("Type", "Task").put("Resource", World.activityArn("work"));
        if (oneIn(3)) {
            state.put("TimeoutSeconds", 30 + random.nextInt(100));
        }
        if (oneIn(4)) {
            state.put("HeartbeatSeconds", 5 + random.nextInt(20));
        }
        if (oneIn(2)) {
            state.set(jsonata ? "Arguments" : "Parameters", template(variables));
        }
        if (!jsonata && oneIn(4)) {
            state.set("ResultSelector", template(variables));
        }
    }

    private void choice(ObjectNode state, int scope, List<String> variables, List<String> later) {
        state.put("Type", "Choice").put("Default", later.get(0));
        var rules = state.putArray("Choices");
        for (int i = random.nextInt(3); i >= 0; i--) {
            var rule = rules.addObject();
            rule.put("Next", oneOf(later.toArray(new String[0])));
            if (oneIn(3)) {
                assign(rule, scope, variables, false);
            }
            if (jsonata) {
                rule.put(
                        "Condition",
                        oneOf("{% $states.context.Execution.Input.n < 2 %}", "{% $exists($states.input.made) %}"));
                continue;
            }
            var test = oneIn(3) ? rule.putObject("Not") : rule;
            switch (random.nextInt(3)) {
                case 0 -> test.put("Variable", "$$.Execution.Input.n").put("NumericLessThan", random.nextInt(4));
                case 1 -> test.put("Variable", "$.made").put("IsPresent", true);
                default -> test.put("Variable", "$$.State.Name").put("StringMatches", "s*" + random.nextInt(10));
            }
        }
    }

    private void parallel(ObjectNode state, int depth, List<String> variables) {
        boolean own = jsonata;
        state.put("Type", "Parallel");
        var branches = state.putArray("Branches");
        for (int i = random.nextInt(3); i >= 0; i--) {
            branches.add(workflow(depth + 1, variables));
        }
        jsonata = own;
        if (oneIn(3)) {
            state.set(jsonata ? "Arguments" : "Parameters", template(variables));
        }
    }

    private void map(ObjectNode state, int depth, List<String> variables) {
        state.put("Type", "Map");
        state.put(
                jsonata ? "Items" : "ItemsPath",
                jsonata ? "{% $states.context.Execution.Input.items %}" : "$$.Execution.Input.items");
        state.put("MaxConcurrency", random.nextInt(3));
        if (oneIn(2)) {
            var selector = template(variables);
            if (jsonata) {
                selector.put("index", "{% $states.context.Map.Item.Index %}");
            } else {
                selector.put("index.$", "$$.Map.Item.Index");
            }
            state.set("ItemSelector", selector);
        }
        state.set("ItemProcessor", workflow(depth + 1, variables));
    }

    private void dataFlow(ObjectNode state, List<String> variables) {
        if (jsonata) {
            if (oneIn(2)) {
                state.set("Output", template(variables));
            }
            return;
        }
        boolean waits = state.get("Type").textValue().equals("Wait");
        if (oneIn(8)) {
            state.put("InputPath", oneOf("$", "$$.Execution.Input", "$$.State"));
        }
        if (oneIn(8)) {
            state.put("OutputPath", variables.isEmpty() ? "$" : "$" + oneOf(variables.toArray(new String[0])));
        }
        if (!waits && oneIn(5)) {
            state.put("ResultPath", oneOf("$.r", "$", "$.a.b"));
        } else if (!waits && oneIn(10)) {
            state.putNull("ResultPath");
        }
    }

    private void errors(ObjectNode state, int scope, List<String> variables, List<String> later) {
        var type = state.get("Type").textValue();
        if (!type.equals("Task") && !type.equals("Parallel") && !type.equals("Map")) {
            return;
        }
        if (oneIn(3)) {
            var retrier = state.putArray("Retry").addObject();
            retrier.putArray("ErrorEquals")
                    .add(oneOf(
                            "Busy",
                            "States.TaskFailed",
                            "States.Timeout",
                            "States.QueryEvaluationError",
                            "States.ALL"));
            retrier.put("IntervalSeconds", 1 + random.nextInt(3)).put("MaxAttempts", random.nextInt(3));
            if (oneIn(2)) {
                retrier.put("JitterStrategy", "FULL").put("MaxDelaySeconds", 5);
            }
        }
        if (!later.isEmpty() && oneIn(2)) {
            var catcher = state.putArray("Catch").addObject();
            catcher.putArray("ErrorEquals").add(oneOf("Busy", "Broken", "States.TaskFailed", "States.ALL"));
            catcher.put("Next", oneOf(later.toArray(new String[0])));
            if (jsonata && oneIn(2)) {
                catcher.putObject("Output").put("caught", "{% $states.errorOutput.Error %}");
            } else if (!jsonata && oneIn(2)) {
                catcher.put("ResultPath", "$.caught");
            }
            if (oneIn(2)) {
                assign(catcher, scope, variables, false);
            }
        }
    }

    private void assign(ObjectNode holder, int scope, List<String> variables, boolean sure) {
        var name = "v" + scope + "_" + random.nextInt(3);
        var values = holder.putObject("Assign");
        if (oneIn(2)) {
            put(values, name, variables);
        } else {
            values.set(name, template(variables));
        }
        if (sure && !variables.contains(name)) {
            variables.add(name);
        }
    }

    private ObjectNode template(List<String> variables) {
        var template = object();
        for (int i = random.nextInt(3); i >= 0; i--) {
            put(template, "f" + i, variables);
        }
        if (oneIn(3)) {
            put(template.putArray("list").add(1).addObject(), "in", variables);
        }
        return template;
    }

    private void put(ObjectNode object, String name, List<String> variables) {
        if (jsonata) {
            object.put(name, "{% " + jsonataExpression(variables) + " %}");
        } else {
            object.put(name + ".$", expression(variables));
        }
    }

    private String jsonataExpression(List<String> variables) {
        if (!variables.isEmpty() && oneIn(2)) {
            return "$" + variables.get(random.nextInt(variables.size()));
        }
        return oneOf(
                "$states.context.State.Name",
                "$states.context.Execution.Input.n",
                "$map($states.context.Execution.Input.items, function($i) { $i * 2 })[]",
                "$uuid()",
                "$random() < 0.5",
                "$now()",
                "$states.context.State.Name & '-' & $string($states.context.Execution.Input.n + 1)",
                "$range(0, $states.context.Execution.Input.n, 1)",
                oneIn(10) ? "$states.input.missing" : "$count($states.context.Execution.Input.items)");
    }

    private String expression(List<String> variables) {
        if (!variables.isEmpty() && oneIn(2)) {
            return "$" + variables.get(random.nextInt(variables.size()));
        }
        return oneOf(
                "$$.State.Name",
                "$$.Execution.Input.n",
                "$$.Execution.Input.items[*]",
                "States.UUID()",
                "States.MathRandom(0, 10)",
                "States.Format('{}-{}', $$.State.Name, $$.Execution.Input.n)",
                "States.Array($$.State.Name, States.MathAdd($$.Execution.Input.n, 1))",
                oneIn(10) ? "$.missing" : "$$.State.EnteredTime");
    }
}
