package io.stepstream.gateway.http;

import io.stepstream.gateway.shape.Operation;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The AWS JSON 1.0 protocol, without the server: from headers and bytes to a call, and from an error to bytes. */
final class AwsJson {

    static final String CONTENT_TYPE = "application/x-amz-json-1.0";

    private static final String TARGET_PREFIX = "AWSStepFunctions.";

    private AwsJson() {}

    /** The operation that X-Amz-Target names. */
    static Operation operation(@Nullable String target) {
        if (target == null || !target.startsWith(TARGET_PREFIX)) {
            throw new ApiException(
                    ErrorCode.UnknownOperationException,
                    "Expected the header X-Amz-Target: " + TARGET_PREFIX + "<Operation>, but found "
                            + (target == null ? "none" : "'" + target + "'"));
        }
        var name = target.substring(TARGET_PREFIX.length());
        return ServiceModel.get()
                .operation(name)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.UnknownOperationException,
                        "Expected an operation of AWS Step Functions, but found '" + name + "'"));
    }

    /** Refuses what is not AWS JSON 1.0 in UTF-8, so that nothing is misread as such. */
    static void checkContentType(@Nullable String contentType) {
        var parts = contentType == null
                ? new String[] {"none"}
                : contentType.toLowerCase(Locale.ROOT).split(";", 2);
        boolean otherCharset = parts.length > 1
                && parts[1].contains("charset")
                && !parts[1].replace("-", "").replace("\"", "").strip().startsWith("charset=utf8");
        if (!parts[0].strip().equals(CONTENT_TYPE) || otherCharset) {
            throw new ApiException(
                    ErrorCode.UnsupportedMediaTypeException,
                    "Expected Content-Type " + CONTENT_TYPE + " in UTF-8, but found "
                            + (contentType == null ? "none" : "'" + contentType + "'"));
        }
    }

    /** The body as it was before it was compressed. */
    static byte[] decoded(byte[] body, @Nullable String contentEncoding, int maxBytes) {
        if (contentEncoding == null || contentEncoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!contentEncoding.equalsIgnoreCase("gzip")) {
            throw new ApiException(
                    ErrorCode.UnsupportedMediaTypeException,
                    "Expected Content-Encoding gzip or none, but found '" + contentEncoding + "'");
        }
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var plain = gzip.readNBytes(maxBytes + 1);
            if (plain.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return plain;
        } catch (IOException e) {
            throw new ApiException(
                    ErrorCode.SerializationException,
                    "Expected a body compressed with gzip, but it cannot be read: " + e.getMessage());
        }
    }

    static ApiException tooLarge(int maxBytes) {
        return new ApiException(
                ErrorCode.RequestEntityTooLargeException,
                "Expected a body of at most " + maxBytes + " bytes, but it is longer");
    }

    /** The error's JSON. */
    static byte[] error(ApiException error) {
        return Members.object(members -> {
            members.text("__type", error.code().name()).text("message", error.message());
            for (var member : error.members().entrySet()) {
                members.text(member.getKey(), member.getValue());
            }
        });
    }

    /** Absent and empty headers are the same. */
    static Optional<String> header(@Nullable String value) {
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
