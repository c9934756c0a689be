package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tags of a request: at most 50, of the characters that AWS allows; of two with one key the last counts. */
final class Tags {

    private static final int MAX = 50;
    private static final String PUNCTUATION = "_.:/=+-@";

    private Tags() {}

    static Map<String, String> read(Optional<JsonNode> list, String resourceArn) {
        var tags = new LinkedHashMap<String, String>();
        if (list.isEmpty()) {
            return tags;
        }
        for (var tag : list.get()) {
            if (!tag.has("key")) {
                throw invalid("Expected each tag to have a key, but one has none");
            }
            var key = legal(tag.get("key").textValue());
            if (key.startsWith("aws:")) {
                throw invalid("Expected no tag key to start with 'aws:', which is reserved, but found '" + key + "'");
            }
            tags.put(key, legal(tag.path("value").asText("")));
        }
        if (tags.size() > MAX) {
            throw new ApiException(
                            ErrorCode.TooManyTags,
                            "Expected at most " + MAX + " tags on a resource, but found " + tags.size())
                    .with("resourceName", resourceArn);
        }
        return tags;
    }

    private static String legal(String text) {
        boolean legal = text.codePoints()
                .allMatch(c -> Character.isLetter(c)
                        || Character.isDigit(c)
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || PUNCTUATION.indexOf(c) >= 0);
        if (!legal) {
            throw invalid(
                    "Expected tags of letters, digits, white space and " + PUNCTUATION + ", but found '" + text + "'");
        }
        return text;
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.ValidationException, message);
    }
}
