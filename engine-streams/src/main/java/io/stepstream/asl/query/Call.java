package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A call of an intrinsic function. {@code text} is as it stands in the definition: failures quote it. */
record Call(Intrinsic function, List<Expression> arguments, String text) implements Expression {

    Call {
        arguments = List.copyOf(arguments);
    }

    @Override
    public JsonNode evaluate(Env env) throws AslFailure {
        var values = new ArrayList<JsonNode>(arguments.size());
        for (var argument : arguments) {
            values.add(argument.evaluate(env));
        }
        var pieces =
                !arguments.isEmpty() && arguments.get(0) instanceof CallParser.Quoted quoted ? quoted.pieces() : null;
        var result = function.apply(new Arguments(text, values, pieces, env.draws()));
        if (Size.isBeyondBudget(result)) {
            throw Size.failure();
        }
        return result;
    }

    @Override
    public Set<String> variables() {
        var all = new TreeSet<String>();
        arguments.forEach(argument -> all.addAll(argument.variables()));
        return all;
    }
}
