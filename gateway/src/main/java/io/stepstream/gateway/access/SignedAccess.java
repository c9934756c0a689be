package io.stepstream.gateway.access;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets in whoever signs with a key of the credentials file, by Signature Version 4 in the Authorization header. The whole request
 * has to be covered: the host, every {@code x-amz-} header and the body. Which region the signature names is not looked at, since
 * SDKs are free to be configured with any.
 */
public final class SignedAccess implements Access {

    private static final String SERVICE = "states";

    /** As in AWS. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(15);

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
    private static final int SIGNATURE_CHARACTERS = 64;

    private final Credentials credentials;
    private final Clock clock;

    public SignedAccess(Credentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** What an Authorization header says. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Authorization(String accessKeyId, SigV4.Scope scope, List<String> signedHeaders, byte[] signature) {}

    @Override
    public Caller admit(SignedRequest request) {
        var authorization = authorization(request);
        var timestamp = timestamp(request, authorization.scope());
        checkCovered(request, authorization.signedHeaders());
        var key = credentials
                .key(authorization.accessKeyId())
                .orElseThrow(() -> new ApiException(
                        ErrorCode.UnrecognizedClientException,
                        "The security token included in the request is invalid."));
        var expected = SigV4.signature(
                key.secretAccessKey(),
                authorization.scope(),
                timestamp,
                SigV4.canonicalRequest(request, authorization.signedHeaders()));
        if (!MessageDigest.isEqual(expected, authorization.signature())) {
            throw invalid(
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                            + " Access Key and signing method. Consult the service documentation for details.");
        }
        return key.caller();
    }

    private static Authorization authorization(SignedRequest request) {
        var header = request.header("authorization")
                .orElseThrow(() -> new ApiException(
                        ErrorCode.MissingAuthenticationTokenException, "Missing Authentication Token"));
        if (!header.startsWith(SigV4.ALGORITHM + " ")) {
            throw incomplete(
                    "Expected the Authorization header to begin with " + SigV4.ALGORITHM + ", but it does not");
        }
        var parts = parts(header.substring(SigV4.ALGORITHM.length()));
        var credential = part(parts, "Credential").split("/", -1);
        if (credential.length != 5 || !credential[4].equals(SigV4.TERMINATOR)) {
            throw incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term, got '" + part(parts, "Credential") + "'");
        }
        if (!credential[3].equals(SERVICE)) {
            throw invalid("Credential should be scoped to correct service: '" + SERVICE + "'.");
        }
        return new Authorization(
                credential[0],
                new SigV4.Scope(credential[1], credential[2], credential[3]),
                List.of(part(parts, "SignedHeaders").split(";", -1)),
                bytes(part(parts, "Signature")));
    }

    private static Map<String, String> parts(String text) {
        var parts = new HashMap<String, String>();
        for (var part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        return parts;
    }

    private static String part(Map<String, String> parts, String name) {
        return Optional.ofNullable(parts.get(name))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> incomplete("Authorization header requires '" + name + "' parameter."));
    }

    private static byte[] bytes(String signature) {
        try {
            if (signature.length() == SIGNATURE_CHARACTERS) {
                return HexFormat.of().parseHex(signature);
            }
        } catch (IllegalArgumentException e) {
            throw incomplete("Expected the signature in hexadecimal digits, but found others");
        }
        throw incomplete("Expected a signature of " + SIGNATURE_CHARACTERS + " hexadecimal digits, but it has "
                + signature.length());
    }

    private String timestamp(SignedRequest request, SigV4.Scope scope) {
        var timestamp = request.header("x-amz-date")
                .orElseThrow(() -> incomplete("Authorization header requires existence of an 'X-Amz-Date' header."));
        Instant signed;
        try {
            signed = LocalDateTime.parse(timestamp, TIMESTAMP).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw incomplete("Date must be in ISO-8601 'basic format'. Got '" + timestamp + "'.");
        }
        if (!timestamp.startsWith(scope.date())) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + scope.date() + "' != '" + timestamp.substring(0, 8) + "'.");
        }
        var now = clock.instant();
        if (signed.isBefore(now.minus(CLOCK_SKEW))) {
            throw invalid("Signature expired: " + timestamp + " is now earlier than " + text(now.minus(CLOCK_SKEW))
                    + " (" + text(now) + " - 15 min.)");
        }
        if (signed.isAfter(now.plus(CLOCK_SKEW))) {
            throw invalid("Signature not yet current: " + timestamp + " is still later than "
                    + text(now.plus(CLOCK_SKEW)) + " (" + text(now) + " + 15 min.)");
        }
        return timestamp;
    }

    private static String text(Instant instant) {
        return TIMESTAMP.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** A signature over part of a request would let somebody else choose the rest. */
    private static void checkCovered(SignedRequest request, List<String> signedHeaders) {
        if (!signedHeaders.contains("host")) {
            throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        var sorted = signedHeaders.toArray(String[]::new);
        Arrays.sort(sorted);
        if (!List.of(sorted).equals(signedHeaders)) {
            throw incomplete("Expected the signed headers in alphabetical order, but found " + signedHeaders);
        }
        for (var name : request.headers().keySet()) {
            if (name.startsWith("x-amz-") && !signedHeaders.contains(name)) {
                throw invalid("Expected the header " + name + " to be signed, but it is not");
            }
        }
    }

    private static ApiException incomplete(String message) {
        return new ApiException(ErrorCode.IncompleteSignatureException, message);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.InvalidSignatureException, message);
    }
}
