package io.stepstream.gateway.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What of an HTTP request is signed.
 *
 * @param path as sent
 * @param query as sent, without the question mark; empty if there is none
 * @param headers values by name in lower case, in the order of the request
 * @param body as sent
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares requests, and a copy of each body would cost
public record SignedRequest(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {

    /** Gathers headers as they come. */
    public static final class Headers {

        private final Map<String, List<String>> values = new TreeMap<>();

        public Headers add(String name, String value) {
            values.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                    .add(value);
            return this;
        }

        public Map<String, List<String>> values() {
            return values;
        }
    }

    Optional<String> header(String name) {
        var values = headers.get(name);
        return values == null ? Optional.empty() : Optional.of(values.get(0));
    }
}
