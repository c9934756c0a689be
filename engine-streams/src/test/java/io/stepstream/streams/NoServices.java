package io.stepstream.streams;

import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.services.ServiceOutcome;
import io.stepstream.services.ServiceSettings;
import io.stepstream.services.Services;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Workers for topologies that call nobody. */
final class NoServices {

    private NoServices() {}

    static EffectWorkers workers() {
        return new EffectWorkers(
                Services.of(),
                new ServiceSettings(Map.of(), URI.create("http://127.0.0.1:1"), Map.of(), 1_000, Duration.ofSeconds(1)),
                new EffectWorkers.Bounds(1, 1),
                new EffectWorkers.Outcomes() {
                    @Override
                    public void tell(ServiceCall call, ServiceOutcome outcome, Runnable confirmed) {
                        throw new AssertionError("Expected no call, but " + call);
                    }

                    @Override
                    public void close() {
                        // holds nothing
                    }
                });
    }
}
