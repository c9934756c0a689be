package io.stepstream.schemas.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.view.RegistryRecord;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is said on an internal topic is understood as it was meant: every member there, and every optional one absent. */
class CommandJsonTest {

    static Stream<Arguments> messages() {
        return Stream.of(
                        ExecutionCommand.class,
                        ActivityCommand.class,
                        RegistryCommand.class,
                        Reply.class,
                        RegistryRecord.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses())
                        .flatMap(member -> Stream.of(true, false)
                                .map(all -> Arguments.of(
                                        Named.of(
                                                member.getSimpleName() + (all ? ", all members" : ", the least"),
                                                family),
                                        example(member, all)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void aMessageComesBackAsItWent(Class<?> family, Object message) throws IOException {
        assertThat((Object) Json.read(Json.bytes(message), family)).isEqualTo(message);
    }

    private static Object example(Class<?> type, boolean all) {
        try {
            var components = type.getRecordComponents();
            var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var values = Arrays.stream(components)
                    .map(component -> value(component.getGenericType(), all))
                    .toArray();
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(Type type, boolean all) {
        if (type instanceof ParameterizedType generic) {
            var argument = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return all ? Optional.of(value(argument, true)) : Optional.empty();
            }
            if (generic.getRawType() == List.class) {
                return List.of(value(argument, all));
            }
            return Map.of("key", value(generic.getActualTypeArguments()[1], all));
        }
        if (type == String.class) {
            return "text \u0000 ü \"";
        } else if (type == long.class || type == Long.class) {
            return Long.MAX_VALUE;
        } else if (type == int.class || type == Integer.class) {
            return 7;
        } else if (type == boolean.class) {
            return all;
        } else if (type == Instant.class) {
            return Instant.parse("2026-01-02T03:04:05.006Z");
        } else if (type == OptionalLong.class) {
            return all ? OptionalLong.of(3) : OptionalLong.empty();
        } else if (type == JsonNode.class || type == ObjectNode.class) {
            return Json.shared().createObjectNode().put("a", 1);
        } else if (type instanceof Class<?> named && named.isEnum()) {
            return named.getEnumConstants()[0];
        } else if (type instanceof Class<?> named && named.isRecord()) {
            return example(named, all);
        }
        throw new IllegalStateException("Expected a type with an example, but " + type);
    }
}
