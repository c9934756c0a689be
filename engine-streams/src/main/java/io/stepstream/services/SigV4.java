package io.stepstream.services;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests as AWS wants them: Signature Version 4, with the signature in a header. */
public final class SigV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SigV4() {}

    /** An access key; {@code sessionToken} where it is a temporary one. */
    public record Credentials(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {}

    /**
     * The headers that the request is to have besides {@code headers}.
     *
     * @param uri with its path and query encoded as they are sent
     * @param signingName the service's name in the signature's scope, like {@code sqs}
     */
    public static Map<String, String> sign(
            String method,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            String signingName,
            String region,
            Credentials credentials,
            Instant now) {
        var time = TIME.format(now);
        var added = new TreeMap<String, String>();
        added.put("x-amz-date", time);
        credentials.sessionToken().ifPresent(token -> added.put("x-amz-security-token", token));
        var bodyHash = hex(sha256(body));
        if (signingName.equals("s3")) {
            added.put("x-amz-content-sha256", bodyHash);
        }

        var signed = new TreeMap<String, String>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
        signed.putAll(added);
        signed.put("host", uri.getRawAuthority());
        var canonicalHeaders = new StringBuilder();
        signed.forEach((name, value) ->
                canonicalHeaders.append(name).append(':').append(value).append('\n'));
        var names = String.join(";", signed.keySet());

        var request = String.join(
                "\n",
                method,
                canonicalPath(uri, signingName),
                canonicalQuery(uri),
                canonicalHeaders.toString(),
                names,
                bodyHash);
        var scope = time.substring(0, 8) + "/" + region + "/" + signingName + "/aws4_request";
        var toSign = String.join("\n", ALGORITHM, time, scope, hex(sha256(bytes(request))));
        var key = bytes("AWS4" + credentials.secretAccessKey());
        for (var part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        added.put(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + hex(hmac(key, toSign)));
        return added;
    }

    /** Encoded once more than it is sent, except for S3. */
    private static String canonicalPath(URI uri, String signingName) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        if (signingName.equals("s3")) {
            return path;
        }
        var encoded = new StringBuilder();
        for (var segment : path.split("/", -1)) {
            encoded.append('/').append(encode(segment));
        }
        return encoded.substring(1);
    }

    private static String canonicalQuery(URI uri) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        var parts = uri.getRawQuery().split("&", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].indexOf('=') < 0 ? parts[i] + "=" : parts[i];
        }
        Arrays.sort(parts);
        return String.join("&", parts);
    }

    /** Percent-encodes everything but what RFC 3986 calls unreserved. */
    public static String encode(String text) {
        var encoded = new StringBuilder();
        for (byte b : bytes(text)) {
            char c = (char) (b & 0xFF);
            boolean unreserved = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0;
            if (unreserved) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know HmacSHA256", e);
        }
    }
}
