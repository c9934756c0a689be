package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text, an answer comes, and soon: the work grows with its length and not with the square of it. */
class HostileDefinitionsTest {

    /** Far above what any of them takes, far below what a square would. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MIB = 1_048_576;

    static Stream<Named<Supplier<String>>> definitions() {
        Map<String, Supplier<String>> all = new LinkedHashMap<>();
        all.put("a MiB of brackets", () -> "[".repeat(MIB));
        all.put("a MiB of objects in one another", () -> "{\"a\":".repeat(MIB / 5));
        all.put("a MiB of digits", () -> "1".repeat(MIB));
        all.put("a number with a huge exponent", () -> timeout("1e999999999"));
        all.put("a whole number with half a MiB of digits", () -> timeout("9".repeat(MIB / 2)));
        all.put("a MiB of blanks", () -> " ".repeat(MIB));
        all.put("one string", () -> "\"" + "x".repeat(MIB - 2) + "\"");
        all.put("a longer text than is allowed", () -> "{\"Comment\":\"" + "x".repeat(MIB) + "\"}");
        all.put("the same key ever again", () -> "{" + "\"a\":1,".repeat(MIB / 7) + "\"a\":1}");
        all.put("a hundred thousand unknown fields", () -> "{" + numbered(90_000, "\"f%d\":1") + "}");
        all.put("unknown fields in a state", () -> pass(numbered(80_000, "\"f%d\":1") + ","));
        all.put(
                "ten thousand states in a row",
                () -> "{\"StartAt\":\"s0\",\"States\":{"
                        + IntStream.range(0, 10_000)
                                .mapToObj(i -> "\"s" + i + "\":{\"Type\":\"Pass\",\"Next\":\"s" + (i + 1) + "\"}")
                                .collect(Collectors.joining(","))
                        + ",\"s10000\":{\"Type\":\"Succeed\"}}}");
        all.put(
                "ten thousand states without a type",
                () -> "{\"StartAt\":\"s0\",\"States\":{" + numbered(10_000, "\"s%d\":{}") + "}}");
        all.put("branches a thousand deep", () -> nested(1_000));
        all.put("branches ninety deep", () -> nested(90));
        all.put(
                "deep rules",
                () -> "{\"StartAt\":\"c\",\"States\":{\"c\":{\"Type\":\"Choice\",\"Choices\":["
                        + "{\"Not\":".repeat(900) + "{}" + "}".repeat(900) + "]}}}");
        all.put(
                "wide rules",
                () -> "{\"StartAt\":\"c\",\"States\":{\"c\":{\"Type\":\"Choice\",\"Choices\":[{\"Next\":\"c\",\"Or\":["
                        + "{\"Variable\":\"$.a\",\"IsNull\":true},".repeat(25_000) + "{}]}]}}}");
        all.put(
                "many values deep down in a template",
                () -> pass("\"Parameters\":" + "{\"a\":".repeat(400) + "[" + "{},".repeat(300_000) + "{}]"
                        + "}".repeat(400) + ","));
        all.put(
                "many bad paths deep down in a template",
                () -> pass("\"Parameters\":" + "{\"a\":".repeat(400) + "[" + "{\"x.$\":1},".repeat(80_000) + "{}]"
                        + "}".repeat(400) + ","));
        all.put("calls in calls", () -> pass("\"Parameters\":{\"x.$\":\"" + "States.Array(".repeat(70_000) + "\"},"));
        all.put("a path with many steps", () -> pass("\"InputPath\":\"$" + ".a".repeat(400_000) + "\","));
        all.put("a path of brackets", () -> pass("\"InputPath\":\"$" + "[".repeat(500_000) + "\","));
        all.put("a filter of brackets", () -> pass("\"InputPath\":\"$[?" + "(".repeat(500_000) + "\","));
        all.put(
                "filters in filters",
                () -> pass("\"InputPath\":\"$" + "[?(@.a".repeat(3_000) + ")]".repeat(3_000) + "\","));
        all.put("a filter of many terms", () -> pass("\"InputPath\":\"$[?(@.a" + " && @.a".repeat(3_000) + ")]\","));
        all.put("a union of many", () -> pass("\"InputPath\":\"$[0" + ",0".repeat(300_000) + "]\","));
        all.put(
                "a wildcard pattern of stars",
                () -> "{\"StartAt\":\"c\",\"States\":{\"c\":{\"Type\":\"Choice\",\"Choices\":[{\"Next\":\"c\","
                        + "\"Variable\":\"$\",\"StringMatches\":\"" + "*a".repeat(400_000) + "\"}]}}}");
        all.put("a variable assigned on every level", () -> nestedAssigning(90));
        all.put("thousands of variables assigned on two levels", () -> {
            var assigns = numbered(12_000, "\"v%d\":1");
            return "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Assign\":{" + assigns
                    + "},\"Branches\":[{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Pass\",\"End\":true,\"Assign\":{"
                    + assigns + "}}}}]}}}";
        });
        all.put(
                "half a surrogate pair as a state's name",
                () -> "{\"StartAt\":\"\\ud800\",\"States\":{\"\\ud800\":{\"Type\":\"Succeed\"}}}");
        all.put(
                "a raw half of a surrogate pair",
                () -> "{\"Comment\":\"\ud800\",\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}");
        all.put(
                "a state name of half a MiB",
                () -> "{\"StartAt\":\"S\",\"States\":{\"" + "S".repeat(MIB / 2) + "\":{\"Type\":\"Succeed\"}}}");
        all.put("a byte that is no JSON", () -> "\u0000");
        all.put("nothing", () -> "");
        return all.entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("definitions")
    void anAnswerComesSoon(Supplier<String> definition) {
        var text = definition.get();
        var parsed = assertTimeoutPreemptively(PATIENCE, () -> AslParser.parse(text, "STANDARD"));

        assertThat(parsed.diagnostics()).hasSizeLessThanOrEqualTo(1_001);
        assertThat(parsed.stateMachine().isEmpty())
                .isEqualTo(parsed.diagnostics().stream()
                        .anyMatch(diagnostic -> diagnostic.severity() == Diagnostic.Severity.ERROR));
        assertThat(parsed.errors()).hasSizeLessThan(2 * MIB);
    }

    private static String timeout(String number) {
        return "{\"TimeoutSeconds\":" + number + ",\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}";
    }

    private static String pass(String fields) {
        return "{\"StartAt\":\"S\",\"States\":{\"S\":{" + fields + "\"Type\":\"Pass\",\"End\":true}}}";
    }

    private static String numbered(int count, String pattern) {
        return IntStream.range(0, count)
                .mapToObj(i -> pattern.replace("%d", Integer.toString(i)))
                .collect(Collectors.joining(","));
    }

    private static String nested(int depth) {
        var text = new StringBuilder("{\"StartAt\":\"s\",\"States\":{\"s\":{\"Type\":\"Succeed\"}}}");
        for (int i = 0; i < depth; i++) {
            text.insert(
                    0,
                    "{\"StartAt\":\"p" + i + "\",\"States\":{\"p" + i
                            + "\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[");
            text.append("]}}}");
        }
        return text.toString();
    }

    private static String nestedAssigning(int depth) {
        return nested(depth).replace("\"End\":true", "\"Assign\":{\"x\":1},\"End\":true");
    }
}
