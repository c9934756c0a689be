package io.stepstream.streams;

import org.apache.kafka.common.Uuid;

/** What the brokers know of an input topic. Asked once when a task starts, and only then may it take a moment. */
interface InputLogs {

    /** The id that the topic got when it was created; another one means another topic of the same name. */
    Uuid topicId(String topic);

    /** The offset behind the last record. */
    long endOffset(String topic, int partition);
}
