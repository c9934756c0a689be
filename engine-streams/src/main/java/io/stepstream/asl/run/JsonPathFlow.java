package io.stepstream.asl.run;

import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;

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
    public Payload output(Env raw, Payload result, StateFields fields) throws AslFailure {
        var selected = fields.resultSelector().isEmpty()
                ? result
                : Payload.ofTree(fields.resultSelector().get().evaluate(raw.with(result)));
        return through(fields.outputPath(), raw.with(placed(raw.input(), selected, fields.resultPath())));
    }

    @Override
    public Payload pass(Env raw, StateFields fields) throws AslFailure {
        return through(fields.outputPath(), raw.with(select(raw, fields)));
    }

    @Override
    public Payload caught(Env raw, Failure failure, Catcher catcher) throws AslFailure {
        return placed(raw.input(), Payload.ofTree(DataFlow.errorOutput(failure)), catcher.resultPath());
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
