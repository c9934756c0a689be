package io.stepstream.streams.views;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What the brokers say of logs and groups. */
interface LogOffsets {

    /** Where the partition ends now. */
    CompletableFuture<Long> end(TopicPartition partition);

    /** What the group has committed of the partition; -1 for nothing. */
    CompletableFuture<Long> committed(String group, TopicPartition partition);

    /** Asks through an admin client, and leaves its only thread at once. */
    static LogOffsets of(Admin admin, Executor executor) {
        return new LogOffsets() {
            @Override
            public CompletableFuture<Long> end(TopicPartition partition) {
                return on(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .thenApply(end -> end.offset()));
            }

            @Override
            public CompletableFuture<Long> committed(String group, TopicPartition partition) {
                var wanted = new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition));
                return on(admin.listConsumerGroupOffsets(Map.of(group, wanted))
                        .partitionsToOffsetAndMetadata(group)
                        .thenApply(offsets -> {
                            var committed = offsets.get(partition);
                            return committed == null ? -1L : committed.offset();
                        }));
            }

            private <T> CompletableFuture<T> on(KafkaFuture<T> answer) {
                return answer.toCompletionStage().toCompletableFuture().thenApplyAsync(value -> value, executor);
            }
        };
    }
}
