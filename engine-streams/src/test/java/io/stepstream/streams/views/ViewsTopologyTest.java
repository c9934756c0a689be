package io.stepstream.streams.views;

import static io.stepstream.streams.views.Statuses.MACHINE;
import static io.stepstream.streams.views.Statuses.arn;
import static io.stepstream.streams.views.Statuses.event;
import static io.stepstream.streams.views.Statuses.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTopologyTest {

    private static final Topics TOPICS = Topics.embedded("test.");

    @TempDir
    Path directory;

    private final Progress progress = new Progress(Runnable::run);
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestInputTopic<byte[], byte[]> executions;
    private PartitionView view;

    @BeforeEach
    void open() {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "views-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(ViewsTopology.of(TOPICS, progress), properties);
        var bytes = new ByteArraySerializer();
        events = driver.createInputTopic(TOPICS.events(), bytes, bytes);
        executions = driver.createInputTopic(TOPICS.executions(), bytes, bytes);
        view = new PartitionView(
                driver.getKeyValueStore(ViewsTopology.HISTORY),
                driver.getKeyValueStore(ViewsTopology.EXECUTIONS),
                driver.getKeyValueStore(ViewsTopology.INDEX),
                driver.getKeyValueStore(ViewsTopology.COVERED));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void historyAndStatusAreInOneSubtopology() {
        TopologyDescription description = ViewsTopology.of(TOPICS, progress).describe();
        assertThat(description.subtopologies()).hasSize(1);
    }

    @Test
    void executionsAreListedNewestFirstAndThenByArn() {
        write(status("b", Status.RUNNING, 1, 10));
        write(status("c", Status.RUNNING, 2, 11));
        write(status("a", Status.RUNNING, 1, 12));

        assertThat(names(list(Optional.empty(), 10))).containsExactly("c", "a", "b");
    }

    @Test
    void anExecutionIsListedUnderItsPresentStatusAlone() {
        write(status("a", Status.RUNNING, 1, 10));
        write(status("b", Status.RUNNING, 2, 11));
        write(status("a", Status.SUCCEEDED, 1, 12));

        assertThat(names(list(Optional.of(Status.RUNNING), 10))).containsExactly("b");
        assertThat(names(list(Optional.of(Status.SUCCEEDED), 10))).containsExactly("a");
        assertThat(names(list(Optional.empty(), 10))).containsExactly("b", "a");
    }

    @Test
    void aRowIsLeftForThePresentStatusOnly() {
        write(status("a", Status.RUNNING, 1, 10));
        write(status("a", Status.FAILED, 1, 11));
        write(status("a", Status.PENDING_REDRIVE, 1, 12));
        write(status("a", Status.RUNNING, 1, 13, 1));
        write(status("a", Status.TIMED_OUT, 1, 14, 1));

        assertThat(indexRows()).hasSize(2);
        assertThat(names(list(Optional.of(Status.TIMED_OUT), 10))).containsExactly("a");
    }

    @Test
    void anOutdatedStatusIsIgnored() {
        write(status("a", Status.SUCCEEDED, 1, 12));
        write(status("a", Status.RUNNING, 1, 10));

        assertThat(names(list(Optional.of(Status.RUNNING), 10))).isEmpty();
        assertThat(view.closed(arn("a"))).isEqualTo(new Views.Closed(true, 12));
    }

    @Test
    void theSameStatusAgainChangesNothing() {
        write(status("a", Status.RUNNING, 1, 10));
        write(status("a", Status.SUCCEEDED, 1, 12));
        var before = indexRows();
        write(status("a", Status.SUCCEEDED, 1, 12));

        assertThat(indexRows()).isEqualTo(before);
    }

    @Test
    void aRowThatACrashHasLeftBehindIsNotShown() {
        write(status("a", Status.SUCCEEDED, 1, 12));
        var failed = status("a", Status.FAILED, 1, 11);
        driver.<Bytes, byte[]>getKeyValueStore(ViewsTopology.INDEX)
                .put(
                        IndexKey.row(IndexKey.MACHINE, MACHINE, "FAILED", failed.startDate(), failed.executionArn()),
                        new byte[0]);

        assertThat(names(list(Optional.of(Status.FAILED), 10))).isEmpty();
    }

    @Test
    void anExpiredExecutionLeavesNothing() {
        write(status("a", Status.RUNNING, 1, 10));
        write(status("a", Status.SUCCEEDED, 1, 12));
        write(event("a", 1));

        executions.pipeInput(key(arn("a")), (byte[]) null);
        events.pipeInput(EventRecord.keyBytes(arn("a"), 1), (byte[]) null);

        assertThat(indexRows()).isEmpty();
        assertThat(view.status(arn("a"))).isEmpty();
        assertThat(view.hasEvent(arn("a"), 1)).isFalse();
        assertThat(view.closed(arn("a"))).isEqualTo(new Views.Closed(false, 12));
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() {
        for (int i = 0; i < 7; i++) {
            write(status("e" + i, Status.RUNNING, i / 2, i));
        }
        var seen = new ArrayList<String>();
        Optional<Views.After> after = Optional.empty();
        Views.ExecutionPage page;
        do {
            page = view.executions(new Views.ExecutionQuery(MACHINE, Optional.empty(), after, 2));
            seen.addAll(names(page));
            var last = page.executions().get(page.executions().size() - 1);
            after = Optional.of(new Views.After(last.startDate(), last.executionArn()));
        } while (page.more());

        assertThat(seen).containsExactly("e6", "e4", "e5", "e2", "e3", "e0", "e1");
    }

    @Test
    void aMachineWhoseNameBeginsLikeAnotherIsNotListedWithIt() {
        write(status("a", Status.RUNNING, 1, 10));

        assertThat(view.executions(new Views.ExecutionQuery(
                                MACHINE.substring(0, MACHINE.length() - 1), Optional.empty(), Optional.empty(), 10))
                        .executions())
                .isEmpty();
    }

    @Test
    void listedExecutionsCarryNoPayload() {
        write(status("a", Status.SUCCEEDED, 1, 12));

        var listed = list(Optional.empty(), 10).executions().get(0);
        assertThat(listed.input()).isEmpty();
        assertThat(listed.output()).isEmpty();
        assertThat(listed.stopDate()).contains(Statuses.START.plusSeconds(2));
    }

    @Test
    void eventsAreReadInBothDirectionsFromAnyId() throws IOException {
        for (long id = 1; id <= 12; id++) {
            write(event("a", id));
            write(event("a2", id));
        }

        assertThat(ids(1, false, 3)).containsExactly(1L, 2L, 3L);
        assertThat(ids(9, false, 100)).containsExactly(9L, 10L, 11L, 12L);
        assertThat(ids(0, true, 2)).containsExactly(12L, 11L);
        assertThat(ids(10, true, 3)).containsExactly(10L, 9L, 8L);
        assertThat(ids(13, false, 3)).isEmpty();
    }

    @Test
    void anUnreadableStatusStopsNothing() {
        executions.pipeInput(key(arn("bad")), "{\"x\"".getBytes(StandardCharsets.UTF_8));
        write(status("a", Status.RUNNING, 1, 10));

        assertThat(names(list(Optional.empty(), 10))).containsExactly("a");
    }

    @Test
    void theHighestCommandOffsetIsCovered() {
        assertThat(view.closed(arn("a"))).isEqualTo(new Views.Closed(false, -1));

        write(status("a", Status.RUNNING, 1, 10));
        write(status("b", Status.RUNNING, 1, 9));

        assertThat(view.closed(arn("a"))).isEqualTo(new Views.Closed(false, 10));
    }

    @Test
    void closedExecutionsExpireByTheirStopDate() {
        write(status("old", Status.SUCCEEDED, 0, 1)); // stops at 1
        write(status("open", Status.RUNNING, 0, 2));
        write(status("limit", Status.FAILED, 9, 3)); // stops at 10
        write(status("young", Status.FAILED, 10, 4)); // stops at 11
        write(ofMachine(
                "arn:aws:states:eu-west-1:123456789012:stateMachine:payments", status("other", Status.ABORTED, 3, 5)));

        assertThat(expired(10, Optional.empty(), 100).next()).isEmpty();
        assertThat(expiredNames(10, 100)).containsExactly("limit", "old", "other");
    }

    @Test
    void anExecutionIsListedUnderItsVersionAndAliasToo() {
        write(startedBy(status("plain", Status.RUNNING, 1, 1), Optional.empty(), Optional.empty()));
        write(startedBy(status("version", Status.RUNNING, 2, 2), Optional.of("1"), Optional.empty()));
        var ofAlias = startedBy(status("alias", Status.RUNNING, 3, 3), Optional.of("1"), Optional.of("live"));
        write(ofAlias);
        assertThat(names(listOf(":1", Optional.of(Status.RUNNING)))).containsExactly("alias", "version");

        write(startedBy(status("alias", Status.SUCCEEDED, 3, 4), Optional.of("1"), Optional.of("live")));

        assertThat(names(listOf("", Optional.empty()))).containsExactly("alias", "version", "plain");
        assertThat(names(listOf(":1", Optional.empty()))).containsExactly("alias", "version");
        assertThat(names(listOf(":1", Optional.of(Status.RUNNING)))).containsExactly("version");
        assertThat(names(listOf(":live", Optional.of(Status.SUCCEEDED)))).containsExactly("alias");
        assertThat(names(listOf(":live2", Optional.empty()))).isEmpty();
        executions.pipeInput(key(ofAlias.executionArn()), (byte[]) null);
        assertThat(names(listOf(":1", Optional.empty()))).containsExactly("version");
        assertThat(names(listOf(":live", Optional.empty()))).isEmpty();
    }

    private Views.ExecutionPage listOf(String qualifier, Optional<Status> status) {
        return view.executions(new Views.ExecutionQuery(Statuses.MACHINE + qualifier, status, Optional.empty(), 100));
    }

    private static ExecutionStatus startedBy(ExecutionStatus status, Optional<String> version, Optional<String> alias) {
        return with(
                status,
                Statuses.MACHINE,
                version.map(number -> Statuses.MACHINE + ":" + number),
                alias.map(name -> Statuses.MACHINE + ":" + name));
    }

    @Test
    void aRetentionLongerThanTimeItselfExpiresNothing() {
        write(status("old", Status.SUCCEEDED, 0, 1));
        assertThat(view.expired(Instant.ofEpochSecond(-1_000_000_000), Optional.empty(), 100)
                        .executions())
                .isEmpty();
    }

    @Test
    void aBoundedLookGoesOnWhereItEnded() {
        for (int i = 0; i < 10; i++) {
            write(status("e" + i, i % 2 == 0 ? Status.SUCCEEDED : Status.RUNNING, i, i));
        }
        assertThat(expired(100, Optional.empty(), 3).executions()).hasSizeLessThanOrEqualTo(3);
        assertThat(expiredNames(100, 3)).containsExactly("e8", "e6", "e4", "e2", "e0");
    }

    private PartitionView.Expired expired(int closedBySecond, Optional<Bytes> from, int rows) {
        return view.expired(Statuses.START.plusSeconds(closedBySecond), from, rows);
    }

    /** All of them, so many rows at a time. */
    private List<String> expiredNames(int closedBySecond, int rows) {
        var names = new ArrayList<String>();
        Optional<Bytes> from = Optional.empty();
        do {
            var found = expired(closedBySecond, from, rows);
            found.executions().forEach(execution -> names.add(execution.name()));
            from = found.next();
        } while (from.isPresent());
        return names;
    }

    private static ExecutionStatus ofMachine(String machine, ExecutionStatus status) {
        return with(status, machine, Optional.empty(), Optional.empty());
    }

    private static ExecutionStatus with(
            ExecutionStatus status, String machine, Optional<String> version, Optional<String> alias) {
        return new ExecutionStatus(
                status.executionArn(),
                machine,
                status.name(),
                status.status(),
                status.startDate(),
                status.stopDate(),
                status.input(),
                status.output(),
                status.error(),
                status.cause(),
                version,
                alias,
                status.traceHeader(),
                status.redriveCount(),
                status.redriveDate(),
                status.revision(),
                status.lastEventId(),
                status.commandOffset());
    }

    @Test
    void whoAwaitsAStatusIsWokenByIt() {
        var wait = progress.awaitStatus(arn("a"));
        write(status("b", Status.RUNNING, 1, 9));
        assertThat(wait).isNotDone();

        write(status("a", Status.RUNNING, 1, 10));
        assertThat(wait).isCompleted();
    }

    private void write(ExecutionStatus status) {
        executions.pipeInput(key(status.executionArn()), Json.bytes(status));
    }

    private void write(EventRecord event) {
        events.pipeInput(event.key().getBytes(StandardCharsets.UTF_8), event.value());
    }

    private Views.ExecutionPage list(Optional<Status> status, int limit) {
        return view.executions(new Views.ExecutionQuery(MACHINE, status, Optional.empty(), limit));
    }

    private List<Long> ids(long fromId, boolean reverse, int limit) throws IOException {
        var ids = new ArrayList<Long>();
        for (var json : view.history(new Views.HistoryQuery(arn("a"), fromId, reverse, limit))) {
            ids.add(EventRecord.read(json).event().id());
        }
        return ids;
    }

    private List<String> indexRows() {
        var rows = new ArrayList<String>();
        try (var all =
                driver.<Bytes, byte[]>getKeyValueStore(ViewsTopology.INDEX).all()) {
            all.forEachRemaining(row -> rows.add(row.key.toString()));
        }
        return rows;
    }

    private static List<String> names(Views.ExecutionPage page) {
        return page.executions().stream().map(ExecutionStatus::name).toList();
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
