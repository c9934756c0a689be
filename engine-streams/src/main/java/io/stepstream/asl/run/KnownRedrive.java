package io.stepstream.asl.run;

import java.time.Instant;

/** A redrive that was asked for with a token, so that the same request is known when it comes again. */
public record KnownRedrive(String token, Instant date) {}
