package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.ChoiceRule;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.model.StateType;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.Map;
import java.util.Optional;

/** Arguments, Output and Assign. Without an Output the result passes, and where there is no work the input. */
final class JsonataFlow implements DataFlow {

    static final DataFlow INSTANCE = new JsonataFlow();

    private JsonataFlow() {}

    @Override
    public Payload select(Env raw, StateFields fields) {
        return raw.input();
    }

    @Override
    public Payload arguments(Env selected, StateFields fields) throws AslFailure {
        return output(fields.arguments(), selected, selected.input());
    }

    @Override
    public Exit worked(Env raw, Payload result, StateFields fields) throws AslFailure {
        // A Pass does no work: its expressions see no result.
        var env = fields.type() == StateType.PASS ? raw : raw.withResult(result);
        return exit(fields.output(), fields.assign(), env, result);
    }

    @Override
    public Exit passed(Env raw, StateFields fields) throws AslFailure {
        return exit(fields.output(), fields.assign(), raw, raw.input());
    }

    @Override
    public Exit chosen(Env raw, StateFields fields, Optional<ChoiceRule> rule) throws AslFailure {
        return rule.isEmpty()
                ? passed(raw, fields)
                : exit(rule.get().output(), rule.get().assign(), raw, raw.input());
    }

    @Override
    public Exit caught(Env raw, Failure failure, Catcher catcher) throws AslFailure {
        var error = DataFlow.errorOutput(failure);
        return exit(catcher.output(), catcher.assign(), raw.withErrorOutput(error), Payload.ofTree(error));
    }

    private static Exit exit(Optional<JsonataTemplate> output, Optional<Assign> assign, Env env, Payload otherwise)
            throws AslFailure {
        var left = output(output, env, otherwise);
        return Exit.of(left, assign.isPresent() ? assign.get().evaluate(env) : Map.<String, JsonNode>of());
    }

    private static Payload output(Optional<JsonataTemplate> template, Env env, Payload otherwise) throws AslFailure {
        return template.isPresent() ? Payload.ofTree(template.get().evaluate(env)) : otherwise;
    }
}
