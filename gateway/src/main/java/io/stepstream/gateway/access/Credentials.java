package io.stepstream.gateway.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The access keys that are known, from a file such as
 *
 * <pre>{@code
 * {"accessKeys": [
 *   {"accessKeyId": "AKIDORDERS", "secretAccessKey": "...", "name": "orders", "account": "123456789012",
 *    "allow": [{"operations": ["StartExecution", "Describe*"], "resources": ["arn:aws:states:*:*:*:orders*"]}]},
 *   {"accessKeyId": "AKIDADMIN", "secretAccessKey": "...", "name": "admin", "account": "123456789012",
 *    "allow": [{"operations": ["*"], "resources": ["*"]}]}
 * ]}
 * }</pre>
 */
public final class Credentials {

    private static final int SHORTEST_SECRET = 16;

    private final Map<String, Key> keys;

    private Credentials(Map<String, Key> keys) {
        this.keys = keys;
    }

    /** One access key. The secret is in no message and no log. */
    record Key(String secretAccessKey, Caller caller) {
        @Override
        public String toString() {
            return "Key of " + caller.name();
        }
    }

    /** Throws IllegalArgumentException that says what is wrong with the file, without its secrets. */
    public static Credentials read(Path file) {
        try {
            return of(Json.shared().readTree(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected to read credentials from " + file + ", but could not: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    static Credentials of(JsonNode file) {
        var keys = new LinkedHashMap<String, Key>();
        for (var entry : file.path("accessKeys")) {
            var id = text(entry, "accessKeyId");
            var secret = text(entry, "secretAccessKey");
            var account = text(entry, "account");
            if (secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException("Expected the secret of " + id + " to have at least "
                        + SHORTEST_SECRET + " characters, but it has " + secret.length());
            }
            if (!account.matches("[0-9]{12}")) {
                throw new IllegalArgumentException(
                        "Expected the account of " + id + " to be twelve digits, but " + account);
            }
            var caller = new Caller(account, entry.path("name").asText(id), Optional.of(rules(id, entry)));
            if (keys.put(id, new Key(secret, caller)) != null) {
                throw new IllegalArgumentException("Expected each access key once, but " + id + " is there twice");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("Expected credentials with accessKeys, but there are none");
        }
        return new Credentials(keys);
    }

    private static List<Caller.Rule> rules(String id, JsonNode entry) {
        var rules = new ArrayList<Caller.Rule>();
        for (var rule : entry.path("allow")) {
            rules.add(Caller.Rule.of(texts(id, rule, "operations"), texts(id, rule, "resources")));
        }
        return rules;
    }

    private static List<String> texts(String id, JsonNode rule, String member) {
        var texts = new ArrayList<String>();
        for (var text : rule.path(member)) {
            if (!text.isTextual()) {
                throw new IllegalArgumentException(
                        "Expected " + member + " of " + id + " to be a list of text, but it is not");
            }
            texts.add(text.textValue());
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("Expected a rule of " + id + " to have " + member + ", but it has none");
        }
        return texts;
    }

    private static String text(JsonNode entry, String member) {
        var text = entry.path(member).asText("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Expected every access key to have " + member + ", but one has not");
        }
        return text;
    }

    Optional<Key> key(String accessKeyId) {
        return Optional.ofNullable(keys.get(accessKeyId));
    }
}
