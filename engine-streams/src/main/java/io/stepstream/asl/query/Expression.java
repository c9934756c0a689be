package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** A path or an intrinsic function call, compiled: what a field whose name ends in {@code .$} may hold. */
public interface Expression {

    JsonNode evaluate(Env env) throws AslFailure;

    /**
     * Compiles what stands in {@code field}, whose name is told where a path finds nothing. Throws
     * IllegalArgumentException with a sentence for text that is neither a path nor a call.
     */
    static Expression compile(String text, String field) {
        return text.startsWith("$") ? PathExpression.compile(text, field) : CallParser.parse(text, field);
    }

    /** The variables that it looks into. */
    default Set<String> variables() {
        return Set.of();
    }
}
