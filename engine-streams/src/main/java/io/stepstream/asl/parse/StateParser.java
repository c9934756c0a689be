package io.stepstream.asl.parse;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.model.StateFields.PathField;
import io.stepstream.asl.model.StateFields.ResultPath;
import io.stepstream.asl.model.StateType;
import io.stepstream.asl.model.Workflow;
import io.stepstream.asl.query.Expression;
import io.stepstream.asl.query.ReferencePath;
import io.stepstream.asl.query.Rfc3339;
import io.stepstream.asl.query.Template;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads one state. */
final class StateParser {

    /** The intrinsic functions that give a string, which is what ErrorPath and CausePath need. */
    private static final Pattern GIVES_TEXT = Pattern.compile(
            "States\\.(Format|JsonToString|ArrayGetItem|Base64Encode|Base64Decode|Hash|UUID)\\(.*", Pattern.DOTALL);

    private static final Set<String> PROCESSOR_FIELDS = Set.of("ProcessorConfig", "StartAt", "States", "Comment");
    private static final Set<String> PROCESSOR_CONFIG_FIELDS = Set.of("Mode", "ExecutionType");
    private static final Set<String> BRANCH_FIELDS = Set.of("StartAt", "States", "Comment");

    private final String name;
    private final Source source;
    private final QueryLanguage machineLanguage;
    private final boolean express;
    private final WorkflowParser workflows;
    private final PathParser paths;
    private final JsonataParser expressions;
    private final List<WorkflowParser.Transition> transitions = new ArrayList<>();
    private boolean isEnd;

    StateParser(String name, Source source, QueryLanguage machineLanguage, boolean express, WorkflowParser workflows) {
        this.name = name;
        this.source = source;
        this.machineLanguage = machineLanguage;
        this.express = express;
        this.workflows = workflows;
        this.paths = new PathParser();
        this.expressions = new JsonataParser(paths);
    }

    /** After {@link #parse}: where the state may go, known even where something else in it is wrong. */
    WorkflowParser.Transitions transitions() {
        return new WorkflowParser.Transitions(transitions, isEnd);
    }

    /** After {@link #parse}: the variables that anything in it looks into; what stands in inner states is theirs. */
    NavigableSet<String> references() {
        return paths.references();
    }

    Optional<State> parse() {
        source.require("Type");
        var type = source.text("Type").flatMap(this::type);
        source.text("Comment");
        var language = language();
        if (type.isEmpty()) {
            return Optional.empty();
        }
        FieldTable.check(source, type.get(), language);
        var assigns = new AssignParser(language, paths, workflows.variables());
        return state(fields(type.get(), language, assigns), assigns);
    }

    private Optional<StateType> type(String text) {
        var type = Arrays.stream(StateType.values())
                .filter(value -> value.text().equals(text))
                .findFirst();
        if (type.isEmpty()) {
            source.schema(
                    "Type",
                    "The field 'Type' should have one of these values: "
                            + Arrays.stream(StateType.values())
                                    .map(StateType::text)
                                    .collect(Collectors.joining(", ", "[", "]")));
        }
        return type;
    }

    private QueryLanguage language() {
        var own = AslParser.queryLanguage(source);
        if (own.isPresent() && own.get() == QueryLanguage.JSONPATH && machineLanguage == QueryLanguage.JSONATA) {
            source.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
        }
        return own.orElse(machineLanguage);
    }

    private StateFields fields(StateType type, QueryLanguage language, AssignParser assigns) {
        var errors = new ErrorHandlingParser(source, language, paths, assigns);
        var catchers = errors.catchers(transitions);
        boolean isMap = type == StateType.MAP;
        boolean isJsonata = language == QueryLanguage.JSONATA;
        return new StateFields(
                name,
                type,
                language,
                next(type),
                pathField("InputPath"),
                isMap ? Optional.empty() : paths.template(source, "Parameters"),
                paths.template(source, "ResultSelector"),
                resultPath(source, paths),
                pathField("OutputPath"),
                isJsonata ? expressions.template(source, "Arguments", "Arguments") : Optional.empty(),
                isJsonata ? expressions.template(source, "Output", "Output") : Optional.empty(),
                assigns.parse(source, AssignParser.FIELD),
                errors.retriers(),
                catchers);
    }

    /** Next or End, where the type needs one of them. */
    private Optional<String> next(StateType type) {
        switch (type) {
            case SUCCEED, FAIL -> {
                isEnd = true;
                return Optional.empty();
            }
            case CHOICE -> {
                return Optional.empty();
            }
            case TASK, WAIT, PASS, PARALLEL, MAP -> {
                var next = source.text("Next");
                boolean end = source.bool("End").orElse(false);
                isEnd = end;
                if (source.has("Next") && end) {
                    source.schema("Only one of the fields 'Next' and 'End' may be specified");
                } else if (!source.has("Next") && !end) {
                    source.schema("One of the fields 'Next' and 'End' is required");
                }
                next.ifPresent(
                        target -> transitions.add(new WorkflowParser.Transition("Next", target, source.at("Next"))));
                return next;
            }
        }
        throw new IllegalStateException("Expected a type of state, but it is " + type);
    }

    private PathField pathField(String field) {
        var value = source.get(field);
        if (value.isEmpty()) {
            return PathField.WHOLE;
        }
        if (value.get().isNull()) {
            return PathField.NOTHING;
        }
        return paths.path(source, field)
                .map(path -> path.isWholeInput() ? PathField.WHOLE : new PathField(false, Optional.of(path)))
                .orElse(PathField.WHOLE);
    }

    static ResultPath resultPath(Source source, PathParser paths) {
        var value = source.get("ResultPath");
        if (value.isEmpty()) {
            return ResultPath.REPLACE;
        }
        if (value.get().isNull()) {
            return ResultPath.DISCARD;
        }
        var path = paths.reference(source, "ResultPath");
        if (path.isPresent() && path.get().isWholeInput()) {
            return ResultPath.REPLACE;
        }
        if (path.isPresent() && path.get().path().readsContext()) {
            source.schema("ResultPath", "Value is not a Reference Path into the input: " + path.get());
        }
        return path.map(found -> new ResultPath(false, Optional.of(found))).orElse(ResultPath.REPLACE);
    }

    private Optional<State> state(StateFields fields, AssignParser assigns) {
        return switch (fields.type()) {
            case PASS -> Optional.of(pass(fields));
            case TASK -> task(fields);
            case CHOICE -> Optional.of(choice(fields, assigns));
            case WAIT -> waiting(fields);
            case SUCCEED -> Optional.of(new State.Succeed(fields));
            case FAIL ->
                Optional.of(new State.Fail(
                        fields, text("Error", fields.queryLanguage()), text("Cause", fields.queryLanguage())));
            case PARALLEL -> Optional.of(parallel(fields));
            case MAP -> map(fields);
        };
    }

    private State pass(StateFields fields) {
        var result = source.get("Result");
        if (result.isPresent() && hasExpressions(result.get())) {
            source.findings()
                    .warning(
                            "PASS_RESULT_IS_STATIC",
                            "The field 'Result' is static: what looks like an expression in it is not evaluated",
                            source.at("Result"));
        }
        return new State.Pass(fields, result);
    }

    private static boolean hasExpressions(JsonNode node) {
        for (var field : node.properties()) {
            if (field.getKey().endsWith(Template.SUFFIX)) {
                return true;
            }
        }
        for (var child : node) {
            if (hasExpressions(child)) {
                return true;
            }
        }
        return PathParser.looksLikeAnExpression(node);
    }

    private Optional<State> task(StateFields fields) {
        source.require("Resource");
        var credentials = credentials(fields.queryLanguage());
        var timeout = seconds("TimeoutSeconds", fields.queryLanguage());
        var heartbeat = seconds("HeartbeatSeconds", fields.queryLanguage());
        if (timeout.literal().isPresent()
                && heartbeat.literal().isPresent()
                && heartbeat.literal().getAsLong() >= timeout.literal().getAsLong()) {
            source.schema("HeartbeatSeconds", "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'");
        }
        return new ResourceParser(source, express, workflows.services())
                .parse()
                .map(resource -> new State.Task(fields, resource, timeout, heartbeat, credentials));
    }

    private Optional<State.Credentials> credentials(QueryLanguage language) {
        var object = source.object("Credentials");
        if (object.isEmpty()) {
            return Optional.empty();
        }
        if (!object.get().has("RoleArn") && !object.get().has("RoleArn" + Template.SUFFIX)) {
            object.get().schema("The field 'RoleArn' is required but was missing");
        }
        return Optional.of(
                language == QueryLanguage.JSONATA
                        ? new State.Credentials(
                                Optional.empty(), expressions.template(source, "Credentials", "Credentials"))
                        : new State.Credentials(paths.template(source, "Credentials"), Optional.empty()));
    }

    private State.Seconds seconds(String field, QueryLanguage language) {
        source.exclude(field, field + "Path");
        var expression = expression(field, language);
        var literal = isExpression(field, language) ? OptionalLong.empty() : source.whole(field, 1, Limits.SECONDS);
        return new State.Seconds(literal, paths.single(source, field + "Path"), expression);
    }

    /** JSONata allows an expression where JSONPath wants a literal. */
    private boolean isExpression(String field, QueryLanguage language) {
        return language == QueryLanguage.JSONATA && JsonataParser.isExpression(source, field);
    }

    private Optional<JsonataTemplate> expression(String field, QueryLanguage language) {
        return isExpression(field, language) ? expressions.expression(source, field) : Optional.empty();
    }

    private State choice(StateFields fields, AssignParser assigns) {
        var rules = new ChoiceParser(source, fields.queryLanguage(), paths, assigns).rules(transitions);
        var otherwise = source.text("Default");
        otherwise.ifPresent(
                target -> transitions.add(new WorkflowParser.Transition("Default", target, source.at("Default"))));
        return new State.Choice(fields, rules, otherwise);
    }

    private Optional<State> waiting(StateFields fields) {
        var forms = List.of("Seconds", "SecondsPath", "Timestamp", "TimestampPath");
        if (forms.stream().filter(source::has).count() != 1) {
            source.schema("Exactly one of these fields is required: " + forms);
            return Optional.empty();
        }
        var language = fields.queryLanguage();
        var timestamp = isExpression("Timestamp", language) ? Optional.<String>empty() : source.text("Timestamp");
        var instant = timestamp.flatMap(Rfc3339::parse);
        if (timestamp.isPresent() && instant.isEmpty()) {
            source.schema("Timestamp", "String does not match RFC3339 timestamp");
        }
        return Optional.of(new State.Wait(
                fields,
                new State.WaitTime(
                        isExpression("Seconds", language)
                                ? OptionalLong.empty()
                                : source.whole("Seconds", 0, Limits.SECONDS),
                        paths.single(source, "SecondsPath"),
                        expression("Seconds", language),
                        instant,
                        paths.single(source, "TimestampPath"),
                        expression("Timestamp", language))));
    }

    private Optional<State.Text> text(String field, QueryLanguage language) {
        var pathField = field + "Path";
        source.exclude(field, pathField);
        if (isExpression(field, language)) {
            return Optional.of(new State.Text(Optional.empty(), Optional.empty(), expression(field, language)));
        }
        if (source.has(pathField)) {
            return source.compiled(
                            pathField,
                            "Value is not a Reference Path or an intrinsic function that gives a string",
                            text -> {
                                if (text.startsWith("$")) {
                                    ReferencePath.compile(text);
                                } else if (!GIVES_TEXT.matcher(text).matches()) {
                                    throw new IllegalArgumentException("'" + text + "'");
                                }
                                return Expression.compile(text, pathField);
                            })
                    .map(expression -> {
                        paths.note(expression.variables());
                        return new State.Text(Optional.empty(), Optional.of(expression), Optional.empty());
                    });
        }
        PathParser.warnOfNoPath(source, field);
        return source.text(field)
                .map(literal -> new State.Text(Optional.of(literal), Optional.empty(), Optional.empty()));
    }

    private State parallel(StateFields fields) {
        source.require("Branches");
        var branches = new ArrayList<Workflow>();
        for (var branch : source.objects("Branches")) {
            branch.allowOnly(BRANCH_FIELDS);
            workflows.parse(branch).ifPresent(branches::add);
        }
        return new State.Parallel(fields, branches);
    }

    private Optional<State> map(StateFields fields) {
        source.exclude("ItemProcessor", "Iterator");
        source.exclude("ItemSelector", "Parameters");
        source.exclude("MaxConcurrency", "MaxConcurrencyPath");
        if (!source.has("ItemProcessor") && !source.has("Iterator")) {
            source.schema("These fields are required: [ItemProcessor]");
        }
        var processor = source.object(source.has("ItemProcessor") ? "ItemProcessor" : "Iterator");
        processor.ifPresent(this::processorConfig);
        var workflow = processor.flatMap(workflows::parse);
        var items = source.has("ItemsPath")
                ? paths.reference(source, "ItemsPath")
                : Optional.of(ReferencePath.compile("$"));
        boolean isJsonata = fields.queryLanguage() == QueryLanguage.JSONATA;
        Optional<Template> selector = isJsonata
                ? Optional.empty()
                : paths.template(source, source.has("ItemSelector") ? "ItemSelector" : "Parameters");
        var concurrency = concurrency(fields.queryLanguage());
        tolerance(fields.queryLanguage());
        if (workflow.isEmpty() || items.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new State.MapState(
                fields,
                workflow.get(),
                items.get(),
                isJsonata ? items() : Optional.empty(),
                selector,
                isJsonata ? expressions.template(source, "ItemSelector", "ItemSelector") : Optional.empty(),
                concurrency));
    }

    /** An array, with expressions in it or given by one. */
    private Optional<JsonataTemplate> items() {
        var items = source.get("Items");
        if (items.isPresent() && !items.get().isArray() && !JsonataParser.isExpression(source, "Items")) {
            source.schema("Items", "The value must be an array or a JSONata expression");
            return Optional.empty();
        }
        return expressions.template(source, "Items", "Items");
    }

    /** An inline Map may have these, and any failure fails it all the same: AWS takes them and makes nothing of them. */
    private void tolerance(QueryLanguage language) {
        for (var field : List.of("ToleratedFailureCount", "ToleratedFailurePercentage")) {
            source.exclude(field, field + "Path");
            paths.single(source, field + "Path");
            expression(field, language);
        }
        if (!isExpression("ToleratedFailureCount", language)) {
            source.whole("ToleratedFailureCount", 0, Limits.SECONDS);
        }
        var percentage = source.get("ToleratedFailurePercentage");
        if (percentage.isPresent() && !isExpression("ToleratedFailurePercentage", language)) {
            double value = percentage.get().isNumber() ? percentage.get().doubleValue() : -1;
            if (!(value >= 0 && value <= 100)) {
                source.schema("ToleratedFailurePercentage", "The value must be a number from 0 to 100");
            }
        }
    }

    private State.Count concurrency(QueryLanguage language) {
        var literal = isExpression("MaxConcurrency", language)
                ? OptionalLong.empty()
                : source.whole("MaxConcurrency", 0, Limits.SECONDS);
        var path = paths.single(source, "MaxConcurrencyPath");
        var expression = expression("MaxConcurrency", language);
        return new State.Count(
                path.isPresent() || expression.isPresent()
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) literal.orElse(0)),
                path,
                expression);
    }

    private void processorConfig(Source processor) {
        processor.allowOnly(PROCESSOR_FIELDS);
        processor.object("ProcessorConfig").ifPresent(config -> {
            config.allowOnly(PROCESSOR_CONFIG_FIELDS);
            config.text("Mode").ifPresent(mode -> {
                switch (mode) {
                    case "INLINE" -> {}
                    case "DISTRIBUTED" -> config.findings().notYet(config.at("Mode"), "The Map mode 'DISTRIBUTED'");
                    default ->
                        config.schema(
                                "Mode", "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]");
                }
            });
        });
    }
}
