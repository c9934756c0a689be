package io.stepstream.streams;

import org.apache.kafka.common.KafkaException;

/**
 * An effect could not be sent or was not confirmed in time: the transaction must not commit. Deliberately no
 * TimeoutException, for which Streams would revive the tasks on this thread, with this dead producer.
 */
final class EffectsLostException extends KafkaException {

    private static final long serialVersionUID = 1L;

    EffectsLostException(String message, Throwable cause) {
        super(message, cause);
    }

    EffectsLostException(String message) {
        super(message);
    }
}
