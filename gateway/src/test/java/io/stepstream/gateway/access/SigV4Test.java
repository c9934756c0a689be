package io.stepstream.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against cases of AWS's published test suite for Signature Version 4, with the suite's keys, date and service. */
class SigV4Test {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final SigV4.Scope SCOPE = new SigV4.Scope("20150830", "us-east-1", "service");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "get-vanilla; GET; ''; ''; ''; 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "post-vanilla; POST; ''; ''; ''; 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                "get-vanilla-query-order-key-case; GET; Param2=value2&Param1=value1; ''; '';"
                        + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
                "get-header-value-trim; GET; ''; My-Header1: value1|My-Header2: \"a   b   c\"; '';"
                        + " acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
                "get-header-key-duplicate; GET; ''; My-Header1:value2|My-Header1:value2|My-Header1:value1; '';"
                        + " c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
                "post-header-key-sort; POST; ''; My-Header1:value1; '';"
                        + " c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
                "post-x-www-form-urlencoded; POST; ''; Content-Type:application/x-www-form-urlencoded;"
                        + " Param1=value1; ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            })
    void theSuiteIsSignedAsPublished(
            String name, String method, String query, String headers, String body, String signature) {
        var all =
                new SignedRequest.Headers().add("Host", "example.amazonaws.com").add("X-Amz-Date", "20150830T123600Z");
        for (var header : headers.isEmpty() ? new String[0] : headers.split("\\|")) {
            int colon = header.indexOf(':');
            all.add(header.substring(0, colon), header.substring(colon + 1));
        }
        var request = new SignedRequest(method, "/", query, all.values(), body.getBytes(StandardCharsets.UTF_8));

        var canonical = SigV4.canonicalRequest(
                request, new ArrayList<>(request.headers().keySet()));

        assertThat(SigV4.hex(SigV4.signature(SECRET, SCOPE, "20150830T123600Z", canonical)))
                .isEqualTo(signature);
    }
}
