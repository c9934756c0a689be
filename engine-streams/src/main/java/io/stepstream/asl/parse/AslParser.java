package io.stepstream.asl.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.model.Workflow;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a definition into its model, or says everything that is wrong with it. Never throws for any text. */
public final class AslParser {

    /** Its complaints quote the text and the place, as AWS's do. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Json.MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Set<String> FIELDS =
            Set.of("StartAt", "States", "Comment", "Version", "TimeoutSeconds", "QueryLanguage");

    private AslParser() {}

    /** {@code machineType} is STANDARD or EXPRESS: some things are not for Express. */
    public static ParsedDefinition parse(String definition, String machineType, KnownServices services) {
        var findings = new Findings();
        var machine = tree(definition, findings)
                .flatMap(json -> machine(new Source(json, "", findings), machineType.equals("EXPRESS"), services));
        return new ParsedDefinition(
                findings.forbidRunning() ? Optional.empty() : machine,
                findings.areErrorFree() ? machine : Optional.empty(),
                findings.all());
    }

    /** The same of a definition that was let in before. */
    public static ParsedDefinition parse(String definition, String machineType) {
        return parse(definition, machineType, KnownServices.ANY);
    }

    /** The name of a state that stands by itself. */
    public static final String SINGLE_STATE = "StateName";

    /** A state by itself, to be tested: where it leads need not be there. */
    public static ParsedDefinition parseState(String definition, KnownServices services) {
        var findings = new Findings();
        var machine = tree(definition, findings).flatMap(json -> {
            var workflows = new WorkflowParser(QueryLanguage.JSONPATH, false, services);
            return workflows
                    .single(SINGLE_STATE, new Source(json, "/States/" + SINGLE_STATE, findings))
                    .map(state -> StateMachine.of(
                            new Workflow(SINGLE_STATE, Map.of(SINGLE_STATE, state)),
                            QueryLanguage.JSONPATH,
                            OptionalLong.empty(),
                            workflows.references()));
        });
        return new ParsedDefinition(
                findings.forbidRunning() ? Optional.empty() : machine,
                findings.areErrorFree() ? machine : Optional.empty(),
                findings.all());
    }

    private static Optional<ObjectNode> tree(String definition, Findings findings) {
        if (definition.length() > Limits.DEFINITION) {
            findings.schema("/", "The definition must not be longer than " + Limits.DEFINITION + " characters");
            return Optional.empty();
        }
        var json = read(definition, findings);
        if (json.isEmpty()) {
            return Optional.empty();
        }
        if (!(json.get() instanceof ObjectNode object)) {
            findings.schema("/", "Definition must be a valid JSON object");
            return Optional.empty();
        }
        if (!isUnicode(object)) {
            findings.schema("/", "The definition must not contain unpaired surrogates");
            return Optional.empty();
        }
        return Optional.of(object);
    }

    /** Complaints name the place where the reader stopped, not where the bad token began: so does the older reader of AWS. */
    private static Optional<JsonNode> read(String definition, Findings findings) {
        try (var parser = MAPPER.createParser(definition)) {
            try {
                JsonNode json = MAPPER.readTree(parser);
                if (json != null && parser.nextToken() != null) {
                    findings.error(
                            ParsedDefinition.INVALID_JSON,
                            "Unexpected text after the definition\n at " + parser.currentLocation(),
                            Optional.of(parser.currentLocation().toString()));
                    return Optional.empty();
                }
                return Optional.of(json == null ? MissingNode.getInstance() : json);
            } catch (JsonProcessingException e) {
                findings.error(
                        ParsedDefinition.INVALID_JSON,
                        e.getOriginalMessage() + "\n at " + parser.currentLocation(),
                        Optional.of(parser.currentLocation().toString()));
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a string to be readable, but it is not", e);
        }
    }

    /** An escaped half of a surrogate pair is JSON, but no text that could be written as UTF-8. */
    private static boolean isUnicode(JsonNode node) {
        if (node.isTextual()) {
            return isUnicode(node.textValue());
        }
        for (var field : node.properties()) {
            if (!isUnicode(field.getKey()) || !isUnicode(field.getValue())) {
                return false;
            }
        }
        if (node.isArray()) {
            for (var element : node) {
                if (!isUnicode(element)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static Optional<StateMachine> machine(Source source, boolean express, KnownServices services) {
        source.allowOnly(FIELDS);
        source.text("Comment");
        source.text("Version")
                .filter(version -> !version.equals("1.0"))
                .ifPresent(version -> source.schema("Version", "The version must be '1.0'"));
        var timeout = source.whole("TimeoutSeconds", 1, Limits.SECONDS);
        var language = queryLanguage(source).orElse(QueryLanguage.JSONPATH);
        var workflows = new WorkflowParser(language, express, services);
        var workflow = workflows.parse(source);
        workflows.variables().check(source.findings());
        return workflow.map(valid -> StateMachine.of(valid, language, timeout, workflows.references()));
    }

    /** Of a machine or a state; empty where it is not said. */
    static Optional<QueryLanguage> queryLanguage(Source source) {
        return source.text("QueryLanguage").flatMap(text -> switch (text) {
            case "JSONPath" -> Optional.of(QueryLanguage.JSONPATH);
            case "JSONata" -> Optional.of(QueryLanguage.JSONATA);
            default -> {
                source.schema(
                        "QueryLanguage",
                        "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]");
                yield Optional.empty();
            }
        });
    }
}
