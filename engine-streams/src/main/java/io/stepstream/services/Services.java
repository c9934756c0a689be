package io.stepstream.services;

import io.stepstream.asl.model.State.Integration;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.command.ServiceCall;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The services that are installed, and which of them makes a call: the first that serves it. */
public final class Services implements KnownServices {

    private final List<TaskService> services;

    private Services(List<TaskService> services) {
        this.services = services;
    }

    public static Services of(TaskService... services) {
        return new Services(List.of(services));
    }

    /** Those on the class path. */
    public static Services installed() {
        return new Services(ServiceLoader.load(TaskService.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    @Override
    public boolean know(Integration integration) {
        return services.stream().anyMatch(service -> service.serves(integration));
    }

    /** Who makes the call; empty where the jar that brought it is gone. */
    public Optional<TaskService> of(ServiceCall call) {
        var pattern = call.taskToken().isPresent()
                ? Integration.Pattern.WAIT_FOR_TASK_TOKEN
                : Integration.Pattern.REQUEST_RESPONSE;
        var integration =
                new Integration(call.service(), call.action(), call.awaitsEnd() ? Integration.Pattern.SYNC : pattern);
        return services.stream().filter(service -> service.serves(integration)).findFirst();
    }
}
