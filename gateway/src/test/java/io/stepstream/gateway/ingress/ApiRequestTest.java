package io.stepstream.gateway.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRequestTest {

    private static String input(String value) throws IOException {
        var json = ApiRequest.read(value.getBytes(UTF_8), "input").json();
        return Json.shared().readTree(json).get("input").textValue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\" : [1.00, 1e400 ,\"b  c\"]}|{\"a\":[1.00,1e400,\"b  c\"]}",
                "[ ]|[]",
                "[ \"\\\" \\\\\", \"é 😀\" ]|[\"\\\" \\\\\",\"é 😀\"]",
                "17.50|17.50",
                "true|true",
                "\"{\\\"as\\\": \\\"in the API\\\"}\"|{\"as\": \"in the API\"}",
                "\"not JSON\"|not JSON",
            })
    void aPayloadStandsForItsOwnTextAndAStringForWhatItHolds(String written, String meant) throws IOException {
        assertThat(input("{\"name\":\"ü\", \"input\" : " + written + " ,\"other\":{\"input\":[1]}}"))
                .isEqualTo(meant);
    }

    @Test
    void theTypeIsFoundWhereverItStands() {
        var request = ApiRequest.read("{\"output\":{\"type\":\"inner\"},\"type\":\"outer\"}".getBytes(UTF_8), "output");
        assertThat(request.type()).contains("outer");
    }

    @Test
    void aPayloadThatAppearsTwiceIsStillThereTwice() {
        var request = ApiRequest.read("{\"input\":{},\"input\":[ ]}".getBytes(UTF_8), "input");
        assertThat(new String(request.json(), UTF_8)).isEqualTo("{\"input\":{},\"input\":\"[]\"}");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() -> ApiRequest.read(new byte[] {'{', (byte) 0xc3, '}'}, "input"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aRecordWithoutValueIsRefused() {
        assertThatThrownBy(() -> ApiRequest.read(null, "input")).isInstanceOf(ApiException.class);
    }
}
