package io.stepstream.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A whole HTTP/1.1 response, with what the driver needs of it. */
record HttpResponse(int status, String body, boolean close) {

    /** Null as long as bytes are missing. */
    static @Nullable HttpResponse parse(byte[] bytes, int length) {
        int end = headEnd(bytes, length);
        if (end < 0) {
            return null;
        }
        var lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        int contentLength = 0;
        boolean chunked = false;
        boolean close = false;
        for (var line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            var name = line.substring(0, colon);
            var value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Content-Length")) {
                contentLength = Integer.parseInt(value);
            } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equalsIgnoreCase("Connection")) {
                close = value.equalsIgnoreCase("close");
            }
        }
        int start = end + 4;
        if (chunked) {
            var body = chunks(bytes, start, length);
            return body == null ? null : new HttpResponse(status, body, close);
        }
        return length - start < contentLength
                ? null
                : new HttpResponse(status, new String(bytes, start, contentLength, StandardCharsets.UTF_8), close);
    }

    private static int headEnd(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i - 3;
            }
        }
        return -1;
    }

    private static @Nullable String chunks(byte[] bytes, int start, int length) {
        var body = new ByteArrayOutputStream();
        int at = start;
        while (true) {
            int lineEnd = at;
            while (lineEnd + 1 < length && !(bytes[lineEnd] == '\r' && bytes[lineEnd + 1] == '\n')) {
                lineEnd++;
            }
            if (lineEnd + 1 >= length) {
                return null;
            }
            var size = new String(bytes, at, lineEnd - at, StandardCharsets.US_ASCII);
            int count = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            int data = lineEnd + 2;
            if (data + count + 2 > length) {
                return null;
            }
            if (count == 0) {
                return body.toString(StandardCharsets.UTF_8);
            }
            body.write(bytes, data, count);
            at = data + count + 2;
        }
    }
}
