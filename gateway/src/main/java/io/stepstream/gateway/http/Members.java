package io.stepstream.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** Writes the members of a JSON object as the protocol wants them: absent ones left out, dates in seconds. */
final class Members {

    private final JsonGenerator json;

    private Members(JsonGenerator json) {
        this.json = json;
    }

    /** The JSON object in UTF-8. */
    static byte[] object(Answer answer) {
        var out = new ByteArrayOutputStream(256);
        try (var json = Json.shared().createGenerator(out)) {
            json.writeStartObject();
            answer.write(new Members(json));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to write JSON to memory, but failed", e);
        }
        return out.toByteArray();
    }

    Members text(String name, String value) throws IOException {
        json.writeStringField(name, value);
        return this;
    }

    Members text(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
        return this;
    }

    Members number(String name, long value) throws IOException {
        json.writeNumberField(name, value);
        return this;
    }

    Members flag(String name, boolean value) throws IOException {
        json.writeBooleanField(name, value);
        return this;
    }

    /** Epoch seconds with three decimals, as text of a JSON number: a double would print large ones with an exponent. */
    Members date(String name, Instant value) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(BigDecimal.valueOf(value.toEpochMilli(), 3).toPlainString());
        return this;
    }

    Members date(String name, Optional<Instant> value) throws IOException {
        return value.isPresent() ? date(name, value.get()) : this;
    }

    Members json(String name, JsonNode value) throws IOException {
        json.writeFieldName(name);
        json.writeTree(value);
        return this;
    }

    Members object(String name, Answer value) throws IOException {
        json.writeObjectFieldStart(name);
        value.write(this);
        json.writeEndObject();
        return this;
    }

    /** A list of objects. */
    <T> Members list(String name, Iterable<T> items, Item<T> item) throws IOException {
        json.writeArrayFieldStart(name);
        for (var value : items) {
            json.writeStartObject();
            item.write(this, value);
            json.writeEndObject();
        }
        json.writeEndArray();
        return this;
    }

    /** Writes one object of a list. */
    @FunctionalInterface
    interface Item<T> {
        void write(Members members, T item) throws IOException;
    }
}
