package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads {@code nextToken}s: where the next page begins, until when the token holds, and a signature over both and
 * the call's operation and other arguments, so that a token serves no other call.
 */
final class PageTokens {

    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;

    /** What may change from page to page, as it may in AWS. */
    private static final Set<String> PAGING = Set.of("nextToken", "maxResults");

    private final byte[] secret;
    private final Clock clock;

    PageTokens(byte[] secret, Clock clock) {
        this.secret = secret.clone();
        this.clock = clock;
    }

    /** The token for the page after this call's; {@code place} says to {@link #place} where that begins. */
    String next(Call call, String place) {
        var text = place.getBytes(StandardCharsets.UTF_8);
        var content = ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
                .put(text)
                .array();
        var token = Arrays.copyOf(content, content.length + SIGNATURE_BYTES);
        System.arraycopy(signature(call, content), 0, token, content.length, SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Where the call's page begins; empty for the first. Throws InvalidToken. */
    Optional<String> place(Call call) {
        return call.optional("nextToken").map(token -> place(call, token));
    }

    private String place(Call call, String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.length < Long.BYTES + SIGNATURE_BYTES) {
            throw invalid();
        }
        var content = Arrays.copyOf(bytes, bytes.length - SIGNATURE_BYTES);
        var given = Arrays.copyOfRange(bytes, content.length, bytes.length);
        if (!MessageDigest.isEqual(given, signature(call, content))
                || ByteBuffer.wrap(content).getLong() < clock.millis()) {
            throw invalid();
        }
        return new String(content, Long.BYTES, content.length - Long.BYTES, StandardCharsets.UTF_8);
    }

    static ApiException invalid() {
        return new ApiException(ErrorCode.InvalidToken, "Invalid Token: 'Invalid token'");
    }

    private byte[] signature(Call call, byte[] content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update(("page " + call.operation() + arguments(call.input()) + "\n").getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(content), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know " + ALGORITHM, e);
        }
    }

    /** The other arguments, in an order that does not depend on the request's. */
    private static String arguments(ObjectNode input) {
        var arguments = new TreeMap<String, String>();
        for (var member : input.properties()) {
            if (!PAGING.contains(member.getKey())) {
                arguments.put(member.getKey(), member.getValue().toString());
            }
        }
        return arguments.toString();
    }
}
