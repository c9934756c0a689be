package io.stepstream.asl.query.jsonata;

import io.stepstream.asl.query.jsonata.Expr.Parent;
import io.stepstream.asl.query.jsonata.Expr.Parent.Slot;
import io.stepstream.asl.query.jsonata.PathExpr.Step;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Finds for each {@code %} in an expression the step whose context it means. While the parser goes outwards, an expression
 * takes along what its parts still seek; a path gives each of them the step that lies as many steps back as it has {@code %}.
 */
final class Ancestry {

    private final IdentityHashMap<Expr, List<Slot>> seekers = new IdentityHashMap<>();
    private int slots;

    Parent parent() {
        // No variable can have this name.
        return new Parent(new Slot("%" + slots++));
    }

    List<Slot> seeking(Expr expr) {
        return seekers.getOrDefault(expr, List.of());
    }

    Expr of(Expr whole, Expr... parts) {
        return of(whole, List.of(parts));
    }

    /** The whole seeks what its parts seek. */
    Expr of(Expr whole, List<Expr> parts) {
        for (var part : parts) {
            add(whole, sought(part));
        }
        return whole;
    }

    private void add(Expr whole, List<Slot> sought) {
        if (!sought.isEmpty()) {
            seekers.computeIfAbsent(whole, key -> new ArrayList<>()).addAll(sought);
        }
    }

    private List<Slot> sought(Expr part) {
        var all = new ArrayList<>(seeking(part));
        if (part instanceof Parent parent) {
            all.add(parent.slot());
        }
        return all;
    }

    /** What a filter on the step seeks: one level up is what the step itself came from. */
    void lookBack(Step step, Expr filter) {
        for (var slot : sought(filter)) {
            if (slot.level == 1) {
                seek(step, slot);
            } else {
                slot.level--;
            }
            step.seeking.add(slot);
        }
    }

    /** Looks backwards from the path's last step. */
    void resolve(PathExpr path) {
        var last = path.last();
        var sought = new ArrayList<>(last.seeking);
        sought.addAll(sought(last.expr));
        for (var slot : sought) {
            int index = path.steps.size() - 2;
            while (slot.level > 0) {
                if (index < 0) {
                    add(path, List.of(slot));
                    break;
                }
                var step = path.steps.get(index--);
                // Steps that only bind a name stay where they are.
                while (index >= 0 && step.focus != null && path.steps.get(index).focus != null) {
                    step = path.steps.get(index--);
                }
                seek(step, slot);
            }
        }
    }

    private void seek(Step step, Slot slot) {
        if (step.expr instanceof Expr.Name || step.expr instanceof Expr.Wildcard) {
            slot.level--;
            if (slot.level == 0) {
                if (step.ancestor == null) {
                    step.ancestor = slot;
                } else {
                    slot.label = step.ancestor.label;
                }
                step.bindsNames = true;
            }
            return;
        }
        if (step.expr instanceof Parent) {
            slot.level++;
            return;
        }
        step.bindsNames = true;
        seekIn(step.expr, slot);
    }

    private void seekIn(Expr expr, Slot slot) {
        if (expr instanceof Calls.Block block && !block.parts().isEmpty()) {
            seekIn(block.parts().get(block.parts().size() - 1), slot);
        } else if (expr instanceof PathExpr path) {
            path.giveTuples();
            for (int i = path.steps.size() - 1; i >= 0 && slot.level > 0; i--) {
                seek(path.steps.get(i), slot);
            }
        } else {
            throw unresolved();
        }
    }

    void requireResolved(Expr expr) {
        if (expr instanceof Parent || seeking(expr).stream().anyMatch(slot -> slot.level > 0)) {
            throw unresolved();
        }
    }

    private static JsonataException unresolved() {
        return new JsonataException(
                "S0217", "The object representing the 'parent' cannot be derived from this expression");
    }
}
