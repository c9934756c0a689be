package io.stepstream.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SigV4Test {

    private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
    private static final SigV4.Credentials KEY =
            new SigV4.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());

    private static String signature(URI uri, Map<String, String> headers, String service) {
        var signed = SigV4.sign("GET", uri, headers, new byte[0], service, "us-east-1", KEY, TIME);
        var authorization = Objects.requireNonNull(signed.get("Authorization"));
        return authorization.substring(authorization.lastIndexOf('=') + 1);
    }

    /** The example of AWS's documentation. */
    @Test
    void itSignsAsTheDocumentationDoes() {
        var uri = URI.create("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
        var headers = Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        assertThat(signature(uri, headers, "iam"))
                .isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    /** From AWS's test suite for signers: get-vanilla and get-vanilla-query-order-key-case. */
    @Test
    void itSignsAsTheTestSuiteWants() {
        assertThat(signature(URI.create("https://example.amazonaws.com/"), Map.of(), "service"))
                .isEqualTo("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        assertThat(signature(
                        URI.create("https://example.amazonaws.com/?Param2=value2&Param1=value1"), Map.of(), "service"))
                .isEqualTo("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    }

    @Test
    void aTemporaryKeyBringsItsToken() {
        var key = new SigV4.Credentials("AKIDEXAMPLE", "secret", Optional.of("token"));
        var headers = SigV4.sign(
                "POST",
                URI.create("https://sqs.us-east-1.amazonaws.com/"),
                Map.of(),
                new byte[] {1},
                "sqs",
                "us-east-1",
                key,
                TIME);
        assertThat(headers).containsEntry("x-amz-security-token", "token");
        assertThat(headers.get("Authorization")).contains("SignedHeaders=host;x-amz-date;x-amz-security-token,");
    }

    @Test
    void onlyWhatIsUnreservedStandsAsItIs() {
        assertThat(SigV4.encode("aZ09-._~ /:é")).isEqualTo("aZ09-._~%20%2F%3A%C3%A9");
    }
}
