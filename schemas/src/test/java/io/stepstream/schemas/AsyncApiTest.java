package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The AsyncAPI document names topics and schemas that there are, and the schemas say what is taken. */
class AsyncApiTest {

    private static String resource(String name) {
        try (var in = Objects.requireNonNull(Json.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Schema schema(String name) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(resource(name), InputFormat.JSON);
    }

    private static JsonNode document() throws IOException {
        return Json.tree(resource("asyncapi.json"));
    }

    private static List<String> references(JsonNode node) {
        var found = new ArrayList<String>();
        node.findValues("$ref").forEach(reference -> found.add(reference.asText()));
        return found;
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        var document = document();

        assertThat(references(document)).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(resource(reference.substring("./".length()))).contains("json-schema.org");
            }
        });
    }

    @Test
    void everyAddressIsATopic() throws IOException {
        var topics = Topics.embedded(Topics.DEFAULT_PREFIX).all().stream()
                .map(Topics.Topic::name)
                .toList();
        var addresses = new ArrayList<String>();
        document().path("channels").forEach(channel -> {
            if (channel.path("address").isTextual()) {
                addresses.add(channel.path("address").asText());
            }
        });

        assertThat(addresses).hasSize(6);
        assertThat(topics).containsAll(addresses);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "start-request | {\"stateMachineArn\":\"a\"} | true",
                "start-request | {\"stateMachineArn\":\"a\",\"input\":{\"n\":1},\"name\":\"x\"} | true",
                "start-request | {\"stateMachineArn\":\"a\",\"input\":\"{}\"} | true",
                "start-request | {} | false",
                "start-request | [] | false",
                "start-request | {\"stateMachineArn\":7} | false",
                "task-result | {\"type\":\"SendTaskSuccess\",\"taskToken\":\"t\",\"output\":{}} | true",
                "task-result | {\"type\":\"SendTaskFailure\",\"taskToken\":\"t\",\"error\":\"E\"} | true",
                "task-result | {\"type\":\"SendTaskHeartbeat\",\"taskToken\":\"t\"} | true",
                "task-result | {\"type\":\"SendTaskSuccess\",\"taskToken\":\"t\"} | false",
                "task-result | {\"type\":\"Other\",\"taskToken\":\"t\"} | false",
                "task-result | {\"type\":\"SendTaskFailure\"} | false",
                "start-outcome | {\"type\":\"Started\",\"executionArn\":\"a\",\"startDate\":1} | true",
                "start-outcome | {\"type\":\"Rejected\",\"error\":\"E\",\"message\":\"m\"} | true",
                "start-outcome | {\"type\":\"Rejected\",\"error\":\"E\"} | false",
            })
    void theSchemasTakeWhatIsRightAndRefuseWhatIsNot(String schema, String json, boolean right) {
        assertThat(schema(schema + ".schema.json")
                        .validate(json, InputFormat.JSON)
                        .isEmpty())
                .isEqualTo(right);
    }
}
