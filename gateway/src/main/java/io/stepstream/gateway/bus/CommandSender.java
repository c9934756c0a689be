package io.stepstream.gateway.bus;

import java.util.function.Consumer;

/** The way of a command to the log, so that what asks and polls can be tested without one. */
interface CommandSender {

    /**
     * Never blocks. Commands with one key arrive in the order in which they were sent.
     *
     * @param failed called on any thread when the command may not have arrived
     */
    void send(String topic, String key, Object command, Consumer<UnknownFateException> failed);
}
