package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression other than a path with filters, a grouping or {@code []} behind it. Set up by the parser, then left as it is. */
final class Qualified implements Expr {

    final Expr base;
    final List<Expr> predicates = new ArrayList<>();
    boolean keepsArray;

    @Nullable
    ObjectExpr group;

    Qualified(Expr base) {
        this.base = base;
    }

    @Override
    public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
        var result = base.evaluate(run, context, scope);
        for (var predicate : predicates) {
            result = Filter.apply(run, predicate, result, scope);
        }
        if (group != null) {
            result = group.group(run, result, scope);
        }
        if (keepsArray && result instanceof Sequence sequence) {
            sequence.keepsSingleton = true;
        }
        return result;
    }
}
