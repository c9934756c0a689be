package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function takes, in JSONata's notation: {@code <s-nn?:s>} is a string (the context if it is left out), a number and
 * perhaps another number. Undefined goes for everything.
 */
final class Signature {

    private static final Map<Character, String> PLURALS = Map.of(
            's',
            "strings",
            'n',
            "numbers",
            'b',
            "booleans",
            'o',
            "objects",
            'a',
            "arrays",
            'f',
            "functions",
            'l',
            "nulls");

    private final List<Param> params;

    private Signature(List<Param> params) {
        this.params = List.copyOf(params);
    }

    /** {@code kinds} are the letters of {@link Values#kind} that it takes; {@code items}, if any, what an array must hold. */
    private record Param(String kinds, boolean array, char items, boolean context, boolean optional, boolean repeated) {
        boolean takes(char kind) {
            return kind == 'm' || kinds.indexOf(kind) >= 0;
        }
    }

    /** Throws {@link JsonataException} for a notation that is none. */
    static Signature parse(String notation) {
        var params = new ArrayList<Param>();
        int at = 1;
        int end = notation.indexOf(':') < 0 ? notation.length() - 1 : notation.indexOf(':');
        while (at < end) {
            char c = notation.charAt(at);
            int next = at + 1;
            String kinds;
            char items = 0;
            if (c == '(') {
                next = notation.indexOf(')', at) + 1;
                if (next == 0) {
                    throw new JsonataException(
                            "S0402", "Choice groups containing parameterized types are not supported");
                }
                kinds = notation.substring(at + 1, next - 1);
            } else {
                kinds = switch (c) {
                    case 's', 'n', 'b', 'l', 'o', 'f' -> String.valueOf(c);
                    case 'a' -> "asnblfo";
                    case 'j' -> "asnblo";
                    case 'x' -> "asnblfo";
                    default -> throw new JsonataException("S0401", "Unknown type in signature: " + c);
                };
            }
            if (next < end && notation.charAt(next) == '<') {
                if (c != 'a' && c != 'f') {
                    throw new JsonataException("S0401", "Type parameters can only be applied to functions and arrays");
                }
                items = c == 'a' ? notation.charAt(next + 1) : 0;
                next = closing(notation, next) + 1;
                end = Math.max(end, notation.indexOf(':', next));
            }
            boolean context = false;
            boolean optional = false;
            boolean repeated = false;
            while (next < notation.length() && "-?+".indexOf(notation.charAt(next)) >= 0) {
                context |= notation.charAt(next) == '-';
                optional |= notation.charAt(next) == '?';
                repeated |= notation.charAt(next) == '+';
                next++;
            }
            params.add(new Param(kinds, c == 'a', items, context, optional, repeated));
            at = next;
        }
        return new Signature(params);
    }

    private static int closing(String notation, int open) {
        int depth = 0;
        for (int i = open; i < notation.length(); i++) {
            depth += notation.charAt(i) == '<' ? 1 : notation.charAt(i) == '>' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new JsonataException("S0401", "Type parameters can only be applied to functions and arrays");
    }

    /** The parameters that cannot be left out, or only in favour of the context. */
    int arity() {
        return (int) params.stream().filter(param -> !param.optional()).count();
    }

    /** The arguments as the function wants them: one for each parameter, the context put in, single values in an array. */
    List<JsonNode> validate(Evaluation run, String function, List<JsonNode> arguments, JsonNode context) {
        var taken = new int[params.size()];
        var farthest = new int[1];
        if (!match(arguments, 0, 0, taken, farthest)) {
            throw mismatch(farthest[0] + 1, function);
        }
        var valid = new ArrayList<JsonNode>(params.size());
        int at = 0;
        for (int i = 0; i < params.size(); i++) {
            var param = params.get(i);
            if (taken[i] == 0) {
                valid.add(param.context() ? fromContext(param, context, at, function) : Values.UNDEFINED);
            }
            for (int n = 0; n < taken[i]; n++) {
                valid.add(prepared(run, param, arguments.get(at), at, function));
                at++;
            }
        }
        return valid;
    }

    /** How many arguments each parameter takes, as many as it can: as a regular expression over their kinds would do it. */
    private boolean match(List<JsonNode> arguments, int param, int at, int[] taken, int[] farthest) {
        farthest[0] = Math.max(farthest[0], Math.min(at, Math.max(0, arguments.size() - 1)));
        if (param == params.size()) {
            return at == arguments.size();
        }
        var wanted = params.get(param);
        int most = 0;
        while (at + most < arguments.size()
                && (most == 0 || wanted.repeated())
                && wanted.takes(Values.kind(arguments.get(at + most)))) {
            most++;
        }
        int least = wanted.context() || wanted.optional() ? 0 : 1;
        for (int n = most; n >= least; n--) {
            taken[param] = n;
            if (match(arguments, param + 1, at + n, taken, farthest)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode fromContext(Param param, JsonNode context, int at, String function) {
        if (!param.takes(Values.kind(context))) {
            throw new JsonataException(
                    "T0411",
                    "Context value is not a compatible type with argument " + (at + 1) + " of function \"" + function
                            + "\"");
        }
        return context;
    }

    private static JsonNode prepared(Evaluation run, Param param, JsonNode argument, int at, String function) {
        if (!param.array() || !Values.isDefined(argument)) {
            return argument;
        }
        if (param.items() != 0 && !holds(run, argument, param.items())) {
            throw new JsonataException(
                    "T0412",
                    "Argument " + (at + 1) + " of function \"" + function + "\" must be an array of "
                            + plural(param.items()));
        }
        return Values.asArray(argument);
    }

    private static String plural(char kind) {
        @Nullable String plural = PLURALS.get(kind);
        return plural == null ? String.valueOf(kind) : plural;
    }

    private static boolean holds(Evaluation run, JsonNode argument, char kind) {
        if (!(argument instanceof ArrayNode items)) {
            return Values.kind(argument) == kind;
        }
        run.spend(items.size());
        for (var item : items) {
            if (Values.kind(item) != kind) {
                return false;
            }
        }
        return true;
    }

    static JsonataException mismatch(int argument, String function) {
        return new JsonataException(
                "T0410",
                "Argument " + argument + " of function \"" + function + "\" does not match function signature");
    }
}
