package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.ChoiceRule;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import java.util.Map;
import java.util.Optional;

/** InputPath, Parameters, ResultSelector, ResultPath and OutputPath. What none of them touches stays text. */
final class JsonPathFlow implements DataFlow {

    static final DataFlow INSTANCE = new JsonPathFlow();

    private JsonPathFlow() {}

    @Override
    public Payload select(Env raw, StateFields fields) throws AslFailure {
        return through(fields.inputPath(), raw);
    }

    @Override
    public Payload arguments(Env selected, StateFields fields) throws AslFailure {
        return fields.parameters().isEmpty()
                ? selected.input()
                : Payload.ofTree(fields.parameters().get().evaluate(selected));
    }

    @Override
    public Exit worked(Env raw, Payload result, StateFields fields) throws AslFailure {
        return worked(raw, result, fields, Inspection.NONE);
    }

    @Override
    public Exit worked(Env raw, Payload result, StateFields fields, Inspection inspection) throws AslFailure {
        var selected = fields.resultSelector().isEmpty()
                ? result
                : Payload.ofTree(fields.resultSelector().get().evaluate(raw.with(result)));
        inspection.saw("afterResultSelector", selected);
        var placed = placed(raw.input(), selected, fields.resultPath());
        inspection.saw("afterResultPath", placed);
        var output = through(fields.outputPath(), raw.with(placed));
        return Exit.of(output, assigned(fields.assign(), raw.with(selected)));
    }

    @Override
    public Exit passed(Env raw, StateFields fields) throws AslFailure {
        return passed(raw, fields, fields.assign());
    }

    @Override
    public Exit chosen(Env raw, StateFields fields, Optional<ChoiceRule> rule) throws AslFailure {
        return passed(raw, fields, rule.isPresent() ? rule.get().assign() : fields.assign());
    }

    private Exit passed(Env raw, StateFields fields, Optional<Assign> assign) throws AslFailure {
        var selected = raw.with(select(raw, fields));
        return Exit.of(through(fields.outputPath(), selected), assigned(assign, selected));
    }

    @Override
    public Exit caught(Env raw, Failure failure, Catcher catcher) throws AslFailure {
        var error = Payload.ofTree(DataFlow.errorOutput(failure));
        return Exit.of(placed(raw.input(), error, catcher.resultPath()), assigned(catcher.assign(), raw.with(error)));
    }

    /** {@code env} has what {@code $} means in Assign: the state's result, or its effective input if it does no work. */
    private static Map<String, JsonNode> assigned(Optional<Assign> assign, Env env) throws AslFailure {
        return assign.isPresent() ? assign.get().evaluate(env) : Map.of();
    }

    private static Payload through(StateFields.PathField field, Env env) throws AslFailure {
        if (field.isWhole()) {
            return env.input();
        }
        return field.path().isEmpty()
                ? Payload.EMPTY_OBJECT
                : Payload.ofTree(field.path().get().read(env));
    }

    private static Payload placed(Payload raw, Payload result, StateFields.ResultPath where) throws AslFailure {
        if (where.isReplace()) {
            return result;
        }
        return where.path().isEmpty() ? raw : Payload.ofTree(where.path().get().write(raw.tree(), result.tree()));
    }
}
