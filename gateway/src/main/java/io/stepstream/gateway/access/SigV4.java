package io.stepstream.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS's Signature Version 4: what is signed, and with which key. Reference: AWS General Reference, "Signing AWS requests". */
final class SigV4 {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    private static final String HMAC = "HmacSHA256";

    private SigV4() {}

    /**
     * The day and place that a signing key is good for.
     *
     * @param date yyyymmdd
     */
    record Scope(String date, String region, String service) {
        @Override
        public String toString() {
            return date + "/" + region + "/" + service + "/" + TERMINATOR;
        }
    }

    /** The signature in bytes. {@code timestamp} is the request's X-Amz-Date. */
    static byte[] signature(String secretKey, Scope scope, String timestamp, String canonicalRequest) {
        var text = ALGORITHM + "\n" + timestamp + "\n" + scope + "\n" + hex(sha256(bytes(canonicalRequest)));
        var key = bytes("AWS4" + secretKey);
        for (var part : List.of(scope.date(), scope.region(), scope.service(), TERMINATOR)) {
            key = hmac(key, part);
        }
        return hmac(key, text);
    }

    /** Clients send paths and queries as they sign them: encoded. Only their order may differ. */
    static String canonicalRequest(SignedRequest request, List<String> signedHeaders) {
        var headers = new StringBuilder();
        for (var name : signedHeaders) {
            var values = request.headers().getOrDefault(name, List.of());
            headers.append(name)
                    .append(':')
                    .append(values.stream().map(SigV4::trimmed).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return String.join(
                "\n",
                request.method(),
                request.path().isEmpty() ? "/" : request.path(),
                canonicalQuery(request.query()),
                headers.toString(),
                String.join(";", signedHeaders),
                hex(sha256(request.body())));
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        return Arrays.stream(query.split("&"))
                .map(parameter -> parameter.indexOf('=') < 0 ? parameter + "=" : parameter)
                .sorted(SigV4::compareParameters)
                .collect(Collectors.joining("&"));
    }

    /** By name, then by value: '=' itself sorts behind some of the characters of names. */
    private static int compareParameters(String left, String right) {
        int leftName = left.indexOf('=');
        int rightName = right.indexOf('=');
        int byName = left.substring(0, leftName).compareTo(right.substring(0, rightName));
        return byName != 0 ? byName : left.substring(leftName).compareTo(right.substring(rightName));
    }

    private static String trimmed(String value) {
        return value.strip().replaceAll(" +", " ");
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know " + HMAC, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
