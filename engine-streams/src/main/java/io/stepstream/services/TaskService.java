package io.stepstream.services;

import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.command.ServiceCall;
import java.util.concurrent.CompletableFuture;

/**
 * A service that Tasks can call. Found by {@link java.util.ServiceLoader}, so that a jar adds one: a public class with a
 * constructor without parameters. One object makes all calls, on several threads at a time.
 */
public interface TaskService {

    /** Whether it makes such calls. Asked when a definition comes in, and again to find who makes a call. */
    boolean serves(Integration integration);

    /**
     * Where the call goes. As many calls as a setting says are under way to one place; further ones wait for these, and for
     * nobody else's.
     */
    default String lane(ServiceCall call, ServiceContext context) {
        return call.service();
    }

    /**
     * Makes the call, and does not block. A service's refusal is an outcome like any other; what completes exceptionally with
     * an {@link java.io.IOException} is told as {@code <prefix>.SdkClientException}, and with anything else as a bug of the
     * service's class. May be asked for the same call more than once after a crash: then
     * {@link ServiceCall#idempotencyKey()} is the same.
     */
    CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context);

    /** What the names of its errors begin with, like {@code Lambda}. */
    String errorPrefix(ServiceCall call);
}
