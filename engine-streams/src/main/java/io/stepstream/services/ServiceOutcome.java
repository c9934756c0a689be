package io.stepstream.services;

import java.util.Optional;

/** What a call came to: an output as JSON text, or an error that Retry and Catch can name, with its cause. */
public record ServiceOutcome(Optional<String> output, Optional<String> error, Optional<String> cause) {

    public static ServiceOutcome succeeded(String output) {
        return new ServiceOutcome(Optional.of(output), Optional.empty(), Optional.empty());
    }

    public static ServiceOutcome failed(String error, String cause) {
        return new ServiceOutcome(Optional.empty(), Optional.of(error), Optional.of(cause));
    }
}
