package io.stepstream.asl.model;

import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.List;

/** What a Choice rule asks of its data, compiled. */
public interface Condition {

    /** Whether it holds. A comparison of values of the wrong type is false; a Variable that finds nothing fails. */
    boolean holds(Env env) throws AslFailure;

    /** JSONata's: a boolean, or an expression that gives one. */
    record Evaluated(JsonataTemplate condition) implements Condition {
        @Override
        public boolean holds(Env env) throws AslFailure {
            var value = condition.evaluate(env);
            if (!value.isBoolean()) {
                throw condition.unexpected(value, "boolean");
            }
            return value.booleanValue();
        }
    }

    /** All hold. Asked in order and no further than needed, so that an IsPresent guards what follows it. */
    record And(List<Condition> parts) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(Env env) throws AslFailure {
            for (var part : parts) {
                if (!part.holds(env)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One holds. Asked in order and no further than needed. */
    record Or(List<Condition> parts) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(Env env) throws AslFailure {
            for (var part : parts) {
                if (part.holds(env)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(Env env) throws AslFailure {
            return !part.holds(env);
        }
    }
}
