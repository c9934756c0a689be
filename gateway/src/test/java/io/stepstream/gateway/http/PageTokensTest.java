package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.access.Caller;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokensTest {

    private static final Caller CALLER = new Caller("123456789012", "somebody", Optional.empty());

    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final String INPUT = "{\"stateMachineArn\":\"m\",\"maxResults\":5}";

    private final PageTokens tokens = tokens("secret", NOW);

    @Test
    void aTokenLeadsBackToItsPlace() {
        assertThat(tokens.place(call("List", INPUT))).isEmpty();
        var token = tokens.next(call("List", INPUT), "17 a:b");
        assertThat(tokens.place(with(token, "List", INPUT))).contains("17 a:b");
    }

    @Test
    void theOrderOfTheArgumentsDoesNotMatter() {
        var token = tokens.next(call("List", INPUT), "p");
        assertThat(tokens.place(with(token, "List", "{\"maxResults\":5,\"stateMachineArn\":\"m\"}")))
                .contains("p");
    }

    @Test
    void theSizeOfThePageMayChange() {
        var token = tokens.next(call("List", INPUT), "p");
        assertThat(tokens.place(with(token, "List", "{\"stateMachineArn\":\"m\",\"maxResults\":6}")))
                .contains("p");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Other; {\"stateMachineArn\":\"m\",\"maxResults\":5}",
                "List; {\"stateMachineArn\":\"n\",\"maxResults\":5}",
                "List; {\"maxResults\":5}",
                "List; {\"stateMachineArn\":\"m\",\"maxResults\":5,\"statusFilter\":\"FAILED\"}"
            })
    void aTokenServesNoOtherCall(String operation, String input) {
        var token = tokens.next(call("List", INPUT), "p");
        assertInvalid(tokens, with(token, operation, input));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "garbage!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "é"})
    void garbageIsAnInvalidToken(String token) {
        assertInvalid(tokens, with(token, "List", INPUT));
    }

    @Test
    void anAlteredTokenIsInvalidWhereverItWasAltered() {
        var token = Base64.getUrlDecoder().decode(tokens.next(call("List", INPUT), "p"));
        for (int i = 0; i < token.length; i++) {
            token[i] ^= 1;
            var altered = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
            assertInvalid(tokens, with(altered, "List", INPUT));
            token[i] ^= 1;
        }
    }

    @Test
    void aTokenHoldsForADay() {
        var token = with(tokens.next(call("List", INPUT), "p"), "List", INPUT);
        assertThat(tokens("secret", NOW.plus(Duration.ofHours(24))).place(token))
                .contains("p");
        assertInvalid(tokens("secret", NOW.plus(Duration.ofHours(24)).plusMillis(1)), token);
    }

    @Test
    void anotherClustersTokenIsInvalid() {
        assertInvalid(tokens("other", NOW), with(tokens.next(call("List", INPUT), "p"), "List", INPUT));
    }

    @Test
    void theLongestPlaceFitsTheModelsLimit() {
        assertThat(tokens.next(call("List", INPUT), "a".repeat(256))).hasSizeLessThanOrEqualTo(1_024);
    }

    private static PageTokens tokens(String secret, Instant now) {
        return new PageTokens(secret.getBytes(StandardCharsets.UTF_8), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Call with(String token, String operation, String input) {
        var call = call(operation, input);
        call.input().put("nextToken", token);
        return call;
    }

    private static Call call(String operation, String input) {
        try {
            return new Call(
                    CALLER, operation, (ObjectNode) Json.tree(input), Optional.empty(), Optional.empty(), gone -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertInvalid(PageTokens tokens, Call call) {
        assertThatThrownBy(() -> tokens.place(call)).hasMessage("Invalid Token: 'Invalid token'");
    }
}
