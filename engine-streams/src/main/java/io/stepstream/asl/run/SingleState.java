package io.stepstream.asl.run;

import io.stepstream.asl.model.State.Resource;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory of a state that is tested by itself: one scope, and no fan-outs. */
final class SingleState implements Memory {

    private final String input;
    private final Map<Long, Scope> scopes = new HashMap<>();

    SingleState(String input) {
        this.input = input;
    }

    @Override
    public String executionInput() {
        return input;
    }

    @Override
    public boolean hasScope(long id) {
        return scopes.containsKey(id);
    }

    @Override
    public Scope scope(long id) {
        var scope = scopes.get(id);
        if (scope == null) {
            throw none();
        }
        return scope;
    }

    @Override
    public void add(Scope scope) {
        scopes.put(scope.id(), scope);
    }

    @Override
    public void remove(Scope scope) {
        scopes.remove(scope.id());
    }

    @Override
    public Payload input(Scope scope) {
        return scope.knownInput().orElseThrow(SingleState::none);
    }

    @Override
    public Optional<Payload> variable(Scope scope, String name) {
        return Optional.empty();
    }

    @Override
    public void putVariable(Scope scope, String name, Payload value) {
        throw none();
    }

    @Override
    public void removeVariable(Scope scope, String name) {
        throw none();
    }

    @Override
    public FanOut fanOut(long id) {
        throw none();
    }

    @Override
    public void add(FanOut fanOut) {
        throw none();
    }

    @Override
    public void remove(FanOut fanOut, int pageEntries) {
        throw none();
    }

    @Override
    public List<String> items(long fanOut, int page) {
        throw none();
    }

    @Override
    public void putItems(long fanOut, int page, List<String> items) {
        throw none();
    }

    @Override
    public List<String> results(long fanOut, int page) {
        throw none();
    }

    private static IllegalStateException none() {
        return new IllegalStateException("Expected a single state to know of nothing else, but it asks");
    }

    /** Nobody does work for it, and nothing that it asks for happens. */
    static final class Nobody implements Outside {

        @Override
        public boolean activityExists(String activityArn) {
            return false;
        }

        @Override
        public boolean machineDeleted() {
            return false;
        }

        @Override
        public void offerTask(String activityArn, TaskRef task, String input) {
            throw none();
        }

        @Override
        public void withdrawTask(String activityArn, TaskRef task) {
            throw none();
        }

        @Override
        public void callService(TaskRef task, Resource resource, String arguments, Optional<String> roleArn) {
            throw none();
        }

        @Override
        public void endCall(TaskRef task) {
            throw none();
        }

        @Override
        public void stopExecution(String executionArn) {
            throw none();
        }

        @Override
        public String taskToken(TaskRef task) {
            throw none();
        }

        @Override
        public void setTimer(Instant due, TimerRef timer) {
            // What the state waits for is told, and nobody waits.
        }

        @Override
        public void cancelTimer(Instant due, TimerRef timer) {
            // There is none.
        }

        @Override
        public void continueLater(long stamp) {
            throw none();
        }
    }
}
