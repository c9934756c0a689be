package io.stepstream.asl.parse;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.ChoiceRule;
import io.stepstream.asl.model.Comparison;
import io.stepstream.asl.model.Comparison.Kind;
import io.stepstream.asl.model.Comparison.Relation;
import io.stepstream.asl.model.Condition;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.Wildcard;
import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rules of a Choice into conditions. */
final class ChoiceParser {

    private static final Set<String> COMBINATIONS = Set.of("And", "Or", "Not");
    private static final Set<String> JSONATA_FIELDS = Set.of("Condition", "Next", "Assign", "Output", "Comment");
    private static final String STRING_MATCHES = "StringMatches";
    private static final Map<String, Comparing> COMPARING = comparing();
    private static final Map<String, Comparison.Test> TESTS = tests();

    private final Source state;
    private final QueryLanguage language;
    private final PathParser paths;
    private final AssignParser assigns;

    ChoiceParser(Source state, QueryLanguage language, PathParser paths, AssignParser assigns) {
        this.state = state;
        this.language = language;
        this.paths = paths;
        this.assigns = assigns;
    }

    private record Comparing(Kind kind, Relation relation, boolean byPath) {}

    /** Booleans have no order; the other kinds have all five relations, each with a literal or a path. */
    private static Map<String, Comparing> comparing() {
        var all = new HashMap<String, Comparing>();
        for (var kind : Kind.values()) {
            for (var relation : Relation.values()) {
                if (kind != Kind.BOOLEAN || relation == Relation.EQUALS) {
                    all.put(kind.text() + relation.text(), new Comparing(kind, relation, false));
                    all.put(kind.text() + relation.text() + "Path", new Comparing(kind, relation, true));
                }
            }
        }
        return Map.copyOf(all);
    }

    private static Map<String, Comparison.Test> tests() {
        var all = new HashMap<String, Comparison.Test>();
        for (var test : Comparison.Test.values()) {
            all.put(test.text(), test);
        }
        return Map.copyOf(all);
    }

    /** The names of all comparison operators. */
    static Set<String> operators() {
        var all = new HashSet<>(COMPARING.keySet());
        all.addAll(TESTS.keySet());
        all.add(STRING_MATCHES);
        return Set.copyOf(all);
    }

    List<ChoiceRule> rules(List<WorkflowParser.Transition> transitions) {
        state.require("Choices");
        var rules = new ArrayList<ChoiceRule>();
        for (var rule : state.objects("Choices")) {
            var place = "Choices[" + rules.size() + "]/";
            rule.require("Next");
            var next = rule.text("Next");
            next.ifPresent(target -> transitions.add(new WorkflowParser.Transition("Next", target, rule.at("Next"))));
            var assign = assigns.parse(rule, place + AssignParser.FIELD);
            if (language == QueryLanguage.JSONATA) {
                rules.add(evaluated(rule, place, next.orElse(""), assign));
                continue;
            }
            var condition = condition(rule, Set.of("Next", "Assign", "Comment"), 1);
            if (condition.isPresent() && next.isPresent()) {
                rules.add(new ChoiceRule(condition.get(), next.get(), assign, Optional.empty()));
            }
        }
        return rules;
    }

    private ChoiceRule evaluated(Source rule, String place, String next, Optional<Assign> assign) {
        rule.allowOnly(JSONATA_FIELDS);
        rule.require("Condition");
        var condition = rule.get("Condition");
        if (condition.isPresent() && !condition.get().isBoolean() && !JsonataParser.isExpression(rule, "Condition")) {
            rule.schema("Condition", "The value must be a boolean or a JSONata expression");
        }
        var expressions = new JsonataParser(paths);
        return new ChoiceRule(
                expressions
                        .template(rule, "Condition", place + "Condition")
                        .<Condition>map(Condition.Evaluated::new)
                        .orElse(env -> false),
                next,
                assign,
                expressions.template(rule, "Output", place + "Output"));
    }

    private Optional<Condition> condition(Source rule, Set<String> others, int depth) {
        if (depth > Limits.NESTING) {
            rule.schema("Rules must not be nested more than " + Limits.NESTING + " levels deep");
            return Optional.empty();
        }
        var operators = new ArrayList<String>();
        rule.json().fieldNames().forEachRemaining(field -> {
            if (isOperator(field)) {
                operators.add(field);
            } else if (!field.equals("Variable") && !others.contains(field)) {
                rule.schema("Field '" + field + "' is not supported");
            }
        });
        if (operators.size() != 1) {
            rule.schema("Exactly one comparison operator is required, but there are " + operators);
            return Optional.empty();
        }
        var operator = operators.get(0);
        if (COMBINATIONS.contains(operator)) {
            if (rule.has("Variable")) {
                rule.schema("Field 'Variable' is not supported");
            }
            return combination(rule, operator, depth);
        }
        rule.require("Variable");
        var variable = paths.single(rule, "Variable");
        return variable.flatMap(path -> comparison(rule, operator, path));
    }

    private static boolean isOperator(String field) {
        return COMBINATIONS.contains(field)
                || COMPARING.containsKey(field)
                || TESTS.containsKey(field)
                || field.equals(STRING_MATCHES);
    }

    private Optional<Condition> combination(Source rule, String operator, int depth) {
        if (operator.equals("Not")) {
            return rule.object("Not").flatMap(part -> inner(part, depth)).map(Condition.Not::new);
        }
        var sources = rule.objects(operator);
        var parts = new ArrayList<Condition>();
        for (var source : sources) {
            inner(source, depth).ifPresent(parts::add);
        }
        if (parts.size() < sources.size() || parts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(operator.equals("And") ? new Condition.And(parts) : new Condition.Or(parts));
    }

    /** Only the outermost rule says where to go. */
    private Optional<Condition> inner(Source rule, int depth) {
        return condition(rule, Set.of("Comment"), depth + 1);
    }

    private Optional<Condition> comparison(Source rule, String operator, Path variable) {
        if (operator.equals(STRING_MATCHES)) {
            return rule.compiled(operator, "Value is not a valid pattern", Wildcard::compile)
                    .map(pattern -> Comparison.matching(variable, pattern));
        }
        var test = TESTS.get(operator);
        if (test != null) {
            return rule.bool(operator).map(expected -> Comparison.testing(variable, test, expected));
        }
        var comparing = COMPARING.get(operator);
        if (comparing == null) {
            throw new IllegalStateException("Expected an operator, but it is " + operator);
        }
        if (comparing.byPath()) {
            return paths.single(rule, operator)
                    .map(other -> Comparison.withPath(variable, comparing.kind(), comparing.relation(), other));
        }
        PathParser.warnOfNoPath(rule, operator);
        return literal(rule, operator, comparing.kind())
                .map(value -> Comparison.with(variable, comparing.kind(), comparing.relation(), value));
    }

    private static Optional<JsonNode> literal(Source rule, String operator, Kind kind) {
        var value = rule.get(operator);
        if (value.isPresent() && !kind.admits(value.get())) {
            rule.schema(
                    operator,
                    kind == Kind.TIMESTAMP
                            ? "String does not match RFC3339 timestamp"
                            : "Expected value of type " + (kind == Kind.NUMERIC ? "Number" : kind.text()));
            return Optional.empty();
        }
        return value;
    }
}
