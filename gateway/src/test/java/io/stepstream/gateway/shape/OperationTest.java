package io.stepstream.gateway.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OperationTest {

    @Test
    void theModelHasAllOperationsAndOnlyErrorsThatWeKnow() {
        var model = ServiceModel.get();
        assertThat(model.operations()).hasSize(37);
        for (var name : model.operations()) {
            assertThat(model.operation(name).orElseThrow().errors())
                    .as(name)
                    .allMatch(error -> ErrorCode.named(error).isPresent());
        }
    }

    static Stream<Arguments> brokenConstraints() {
        var long81 = "a".repeat(81);
        return Stream.of(
                Arguments.of(
                        "ListStateMachines",
                        "{\"maxResults\":1001}",
                        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must"
                                + " have value less than or equal to 1000"),
                Arguments.of(
                        "ListStateMachines",
                        "{\"maxResults\":-1}",
                        "1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must"
                                + " have value greater than or equal to 0"),
                Arguments.of(
                        "CreateActivity",
                        "{\"name\":\"" + long81 + "\"}",
                        "1 validation error detected: Value '" + long81
                                + "' at 'name' failed to satisfy constraint: Member"
                                + " must have length less than or equal to 80"),
                Arguments.of(
                        "CreateActivity",
                        "{\"name\":\"\"}",
                        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have"
                                + " length greater than or equal to 1"),
                Arguments.of(
                        "CreateActivity",
                        "{\"name\":null}",
                        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be"
                                + " null"),
                Arguments.of(
                        "StartExecution",
                        "{\"name\":\"\",\"traceHeader\":\"\u00e4\"}",
                        "3 validation errors detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member"
                                + " must not be null; Value '' at 'name' failed to satisfy constraint: Member must have"
                                + " length greater than or equal to 1; Value '\u00e4' at 'traceHeader' failed to satisfy"
                                + " constraint: Member must satisfy regular expression pattern: \\p{ASCII}*"),
                Arguments.of(
                        "SendTaskFailure",
                        "{\"taskToken\":\"t\",\"error\":\"" + "e".repeat(257) + "\"}",
                        "1 validation error detected: Value at 'error' failed to satisfy constraint: Member must have"
                                + " length less than or equal to 256"),
                Arguments.of(
                        "CreateStateMachineAlias",
                        "{\"name\":\"123\",\"routingConfiguration\":[{\"stateMachineVersionArn\":\"v\",\"weight\":101}]}",
                        "2 validation errors detected: Value '123' at 'name' failed to satisfy constraint: Member must"
                                + " satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$; Value"
                                + " '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member"
                                + " must have value less than or equal to 100"),
                Arguments.of(
                        "CreateStateMachineAlias",
                        "{\"name\":\"a\",\"routingConfiguration\":[{\"stateMachineVersionArn\":\"u\",\"weight\":1},"
                                + "{\"stateMachineVersionArn\":\"v\",\"weight\":2},{\"stateMachineVersionArn\":\"w\",\"weight\":3}]}",
                        "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=u,"
                                + " weight=1), RoutingConfigurationListItem(stateMachineVersionArn=v, weight=2),"
                                + " RoutingConfigurationListItem(stateMachineVersionArn=w, weight=3)]' at"
                                + " 'routingConfiguration' failed to satisfy constraint: Member must have length less than"
                                + " or equal to 2"),
                Arguments.of(
                        "CreateActivity",
                        "{\"name\":\"a\",\"tags\":[{\"key\":\"k\"},{\"key\":\"\"}]}",
                        "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member"
                                + " must have length greater than or equal to 1"));
    }

    @ParameterizedTest
    @MethodSource
    void brokenConstraints(String operation, String json, String message) {
        assertThatThrownBy(() -> read(operation, json)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ValidationException);
            assertThat(e.message()).isEqualTo(message);
        });
    }

    @Test
    void aValueOutsideAnEnumIsRefusedWithTheValuesThatWouldDo() {
        assertThatThrownBy(() -> read("ListExecutions", "{\"statusFilter\":\"succeeded\"}"))
                .hasMessageStartingWith(
                        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy"
                                + " constraint: Member must satisfy enum value set: [")
                .hasMessageContaining("PENDING_REDRIVE");
    }

    @Test
    void aVeryLongValueIsNotSentBackWhole() {
        assertThatThrownBy(() -> read("ListStateMachines", "{\"nextToken\":\"" + "x".repeat(1_000_000) + "\"}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(3_000));
    }

    static Stream<String> notSuchJson() {
        return Stream.of(
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{}x",
                "{} {}",
                "{\"name\":1}",
                "{\"name\":{}}",
                "{\"name\":[\"a\"]}",
                "{\"name\":true}",
                "{\"name\":\"a\",\"tags\":{}}",
                "{\"name\":\"a\",\"tags\":[null]}",
                "{\"name\":\"a\",\"tags\":[\"a\"]}",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":\"\\ud800\"}",
                "{\"name\":\"a\",\"encryptionConfiguration\":{\"type\":\"T\",\"kmsDataKeyReusePeriodSeconds\":\"60\"}}",
                "{\"name\":\"a\",\"encryptionConfiguration\":{\"type\":\"T\",\"kmsDataKeyReusePeriodSeconds\":6.5}}",
                "{\"name\":\"a\",\"encryptionConfiguration\":{\"type\":\"T\",\"kmsDataKeyReusePeriodSeconds\":99999999999}}",
                "{\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + ",\"name\":\"a\"}",
                "{name:\"a\"}",
                "{\"name\":\"a\u0000\"}");
    }

    @ParameterizedTest
    @MethodSource
    void notSuchJson(String json) {
        assertThatThrownBy(() -> read("CreateActivity", json))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SerializationException));
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        var json = "{\"name\":\"a?\"}".getBytes(StandardCharsets.UTF_8);
        json[10] = (byte) 0xC3;
        assertThatThrownBy(() -> ServiceModel.get()
                        .operation("CreateActivity")
                        .orElseThrow()
                        .read(json))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SerializationException));
    }

    @Test
    void unknownMembersAreIgnoredAndNullIsAbsence() {
        var input = read("CreateActivity", "{\"x\":{\"y\":[1]},\"name\":\"a\",\"x\":2,\"tags\":null}");
        assertThat(input).hasToString("{\"name\":\"a\"}");
    }

    private static ObjectNode read(String operation, String json) {
        return ServiceModel.get().operation(operation).orElseThrow().read(json.getBytes(StandardCharsets.UTF_8));
    }
}
