package io.stepstream.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * A handful of S3's operations, as the SDK's calls: objects (get, head, put, delete, copy) and lists of objects and buckets.
 * Buckets stand in the path, which every S3 understands.
 */
public final class S3Service implements TaskService {

    private static final String NAME = "S3";
    private static final String CRC32_HEADER = "x-amz-checksum-crc32";

    /** Headers and query parameters by the argument's name. */
    private record Operation(String method, boolean ofObject, Map<String, String> headers, Map<String, String> query) {}

    private static final Map<String, String> CONDITIONS = Map.of(
            "IfMatch", "If-Match",
            "IfNoneMatch", "If-None-Match",
            "Range", "Range");

    private static final Map<String, String> WRITTEN = Map.of(
            "ContentType", "Content-Type",
            "ContentEncoding", "Content-Encoding",
            "ContentLanguage", "Content-Language",
            "ContentDisposition", "Content-Disposition",
            "CacheControl", "Cache-Control",
            "StorageClass", "x-amz-storage-class",
            "ServerSideEncryption", "x-amz-server-side-encryption",
            "Tagging", "x-amz-tagging",
            "CopySource", "x-amz-copy-source",
            "MetadataDirective", "x-amz-metadata-directive");

    private static final Map<String, String> LISTED = Map.of(
            "Prefix", "prefix",
            "Delimiter", "delimiter",
            "Marker", "marker",
            "MaxKeys", "max-keys",
            "ContinuationToken", "continuation-token",
            "StartAfter", "start-after");

    private static final Map<String, String> VERSION = Map.of("VersionId", "versionId");

    private static final Map<String, Operation> OPERATIONS = Map.of(
            "getObject", new Operation("GET", true, CONDITIONS, VERSION),
            "headObject", new Operation("HEAD", true, CONDITIONS, VERSION),
            "putObject", new Operation("PUT", true, WRITTEN, Map.of()),
            "copyObject", new Operation("PUT", true, WRITTEN, Map.of()),
            "deleteObject", new Operation("DELETE", true, Map.of(), VERSION),
            "headBucket", new Operation("HEAD", false, Map.of(), Map.of()),
            "listObjects", new Operation("GET", false, Map.of(), LISTED),
            "listObjectsV2", new Operation("GET", false, Map.of(), LISTED),
            "listBuckets", new Operation("GET", false, Map.of(), Map.of()));

    /** The response's headers by the result's member, where that is not made of the header's name. */
    private static final Map<String, String> MEMBERS = Map.of(
            "etag",
            "ETag",
            "accept-ranges",
            "AcceptRanges",
            "content-type",
            "ContentType",
            "content-encoding",
            "ContentEncoding",
            "cache-control",
            "CacheControl",
            "x-amz-server-side-encryption",
            "ServerSideEncryption",
            "x-amz-version-id",
            "VersionId",
            "x-amz-storage-class",
            "StorageClass",
            CRC32_HEADER,
            "ChecksumCRC32",
            "x-amz-checksum-type",
            "ChecksumType");

    private static final Set<String> NUMBERS = Set.of("Size", "MaxKeys", "KeyCount");
    private static final Set<String> LISTS = Set.of("Contents", "CommonPrefixes");

    @Override
    public boolean serves(Integration integration) {
        return integration.service().equals("aws-sdk:s3")
                && OPERATIONS.containsKey(integration.action())
                && (integration.pattern() == Integration.Pattern.REQUEST_RESPONSE
                        || integration.pattern() == Integration.Pattern.WAIT_FOR_TASK_TOKEN);
    }

    @Override
    public String errorPrefix(ServiceCall call) {
        return NAME;
    }

    @Override
    public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
        var operation = OPERATIONS.get(call.action());
        if (operation == null) {
            throw new IllegalStateException("Expected one of " + OPERATIONS.keySet() + ", but " + call.action());
        }
        var arguments = CallArguments.of(call);
        var region = AwsRequest.region(call, context.settings());
        var body = call.action().equals("putObject") ? body(arguments.path("Body")) : new byte[0];
        var headers = new LinkedHashMap<String, String>();
        if (call.action().equals("putObject")) {
            headers.put("Content-Type", "text/plain; charset=UTF-8");
            headers.put(CRC32_HEADER, crc32(body));
        }
        operation
                .headers()
                .forEach((argument, header) -> text(arguments, argument, value -> headers.put(header, value)));
        arguments
                .path("Metadata")
                .properties()
                .forEach(entry -> headers.put(
                        "x-amz-meta-" + entry.getKey(), entry.getValue().asText()));
        var endpoint = context.settings().endpoint(NAME, "s3", region);
        return new AwsRequest(
                        operation.method(),
                        uri(endpoint, call.action(), operation, arguments),
                        headers,
                        body,
                        "s3",
                        region)
                .send(call, context)
                .thenApply(response -> outcome(call.action(), headers, new AwsResponse(response)));
    }

    /** What is no string is written as JSON, and so are strings themselves: the body is JSON text. */
    private static byte[] body(JsonNode body) {
        return body.isMissingNode() || body.isNull()
                ? new byte[0]
                : Json.text(body).getBytes(StandardCharsets.UTF_8);
    }

    private static String crc32(byte[] body) {
        var crc = new CRC32();
        crc.update(body);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    private static URI uri(URI endpoint, String action, Operation operation, JsonNode arguments) {
        var path = new StringBuilder(AwsRequest.root(endpoint).toString());
        if (!action.equals("listBuckets")) {
            path.append(SigV4.encode(arguments.path("Bucket").asText()));
        }
        if (operation.ofObject()) {
            path.append('/').append(SigV4.encode(arguments.path("Key").asText()).replace("%2F", "/"));
        }
        var query = new ArrayList<String>();
        if (action.equals("listObjectsV2")) {
            query.add("list-type=2");
        }
        operation
                .query()
                .forEach((argument, name) ->
                        text(arguments, argument, value -> query.add(name + "=" + SigV4.encode(value))));
        return URI.create(query.isEmpty() ? path.toString() : path + "?" + String.join("&", query));
    }

    private static void text(JsonNode arguments, String name, Consumer<String> to) {
        var value = arguments.path(name);
        if (!value.isMissingNode() && !value.isNull()) {
            to.accept(value.asText());
        }
    }

    private static ServiceOutcome outcome(String action, Map<String, String> sent, AwsResponse response) {
        if (!response.isSuccess()) {
            return failure(response);
        }
        var result = AwsResponse.object();
        if (action.startsWith("list")) {
            Xml.parse(response.text()).ifPresent(root -> list(action, root, result));
            return ServiceOutcome.succeeded(Json.text(result));
        }
        if (action.equals("copyObject")) {
            var copied = result.putObject("CopyObjectResult");
            Xml.parse(response.text()).ifPresent(root -> members(root.children(), copied));
        }
        MEMBERS.forEach((header, member) -> response.header(header)
                .filter(value -> !header.equals("content-type") || isRead(action))
                .ifPresent(value -> result.put(member, value)));
        if (action.equals("putObject") && !result.has("ChecksumCRC32")) {
            // a store that knows no checksums has taken the bytes that this one is of
            result.put("ChecksumCRC32", sent.get(CRC32_HEADER));
            result.put("ChecksumType", "FULL_OBJECT");
        }
        if (isRead(action)) {
            response.header("content-length").ifPresent(length -> result.put("ContentLength", Long.parseLong(length)));
            response.header("last-modified").ifPresent(time -> result.put("LastModified", time(time)));
            var metadata = result.putObject("Metadata");
            response.headers("x-amz-meta-").forEach(metadata::put);
            if (action.equals("getObject")) {
                result.put("Body", response.text());
            }
        }
        return ServiceOutcome.succeeded(Json.text(result));
    }

    private static boolean isRead(String action) {
        return action.equals("getObject") || action.equals("headObject");
    }

    private static String time(String header) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME
                    .parse(header, Instant::from)
                    .toString();
        } catch (DateTimeParseException e) {
            return header;
        }
    }

    private static void list(String action, Xml root, ObjectNode result) {
        if (action.equals("listBuckets")) {
            var buckets = result.putArray("Buckets");
            for (var child : root.children()) {
                if (child.name().equals("Buckets")) {
                    child.children().forEach(bucket -> members(bucket.children(), buckets.addObject()));
                } else if (child.name().equals("Owner")) {
                    members(child.children(), result.putObject("Owner"));
                }
            }
        } else {
            members(root.children(), result);
        }
    }

    private static void members(List<Xml> elements, ObjectNode into) {
        for (var element : elements) {
            var name = element.name();
            if (LISTS.contains(name)) {
                var list = into.get(name) instanceof ArrayNode known ? known : into.putArray(name);
                members(element.children(), list.addObject());
            } else if (!element.children().isEmpty()) {
                members(element.children(), into.putObject(name));
            } else if (NUMBERS.contains(name)) {
                into.put(name, Long.parseLong(element.text()));
            } else if (name.equals("IsTruncated")) {
                into.put(name, Boolean.parseBoolean(element.text()));
            } else {
                into.put(name, element.text());
            }
        }
    }

    private static ServiceOutcome failure(AwsResponse response) {
        var xml = Xml.parse(response.text());
        var code = xml.map(root -> root.find("Code")).orElse(response.status() == 404 ? "NotFound" : "");
        var message = xml.map(root -> root.find("Message")).orElse("");
        var extended = response.header("x-amz-id-2")
                .or(() -> xml.map(root -> root.find("HostId")))
                .orElse("");
        return response.sdkFailure(NAME, code, message, ", Extended Request ID: " + extended);
    }
}
