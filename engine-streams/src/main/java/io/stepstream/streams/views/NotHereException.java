package io.stepstream.streams.views;

import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** The partition is another instance's to answer for, or nobody's yet. */
final class NotHereException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int partition;
    private final transient Optional<HostInfo> owner;

    NotHereException(int partition, Optional<HostInfo> owner) {
        super("Expected partition " + partition + " to be here, but "
                + owner.map(other -> "it is at " + other).orElse("it is on the move"));
        this.partition = partition;
        this.owner = owner;
    }

    int partition() {
        return partition;
    }

    /** Where to ask instead, if that is known. */
    Optional<HostInfo> owner() {
        return owner;
    }
}
