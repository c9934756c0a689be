package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ExecutionCommand.KnownClosed;
import io.stepstream.schemas.command.ExecutionCommand.StartExecution;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Route;
import io.stepstream.schemas.view.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartsTest {

    private static final String MACHINE = FakeRegistry.ACCOUNT + "stateMachine:m";

    private final FakeBus bus = new FakeBus();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeViews views = new FakeViews();
    private static final UUID ID = new UUID(1, 2);

    private int drawn;
    private final Starts starts = new Starts(bus, registry, views, Duration.ZERO, bound -> drawn, request -> ID);

    @BeforeEach
    void theEngineStartsWhatItIsTold() {
        bus.reply(command -> new Reply.Started(((StartExecution) command).executionArn(), Instant.EPOCH));
    }

    @Test
    void aGeneratedNameNeedsNoLookAtTheViews() {
        registry.put("m");
        views.closed(() -> {
            throw new AssertionError("Expected no question about a generated name");
        });

        var started = start(new Starts.Request(MACHINE, "n", false, "{}", Optional.empty(), Optional.of("r")));

        assertThat(started.executionArn()).isEqualTo(FakeRegistry.ACCOUNT + "execution:m:n");
        var command = bus.last(StartExecution.class);
        assertThat(command.revision()).isEqualTo(7);
        assertThat(command.knownClosed()).isEmpty();
        assertThat(command.requestId()).contains("r");
    }

    @Test
    void aGivenNameTakesTheViewsAnswerAlong() {
        registry.put("m");
        views.closed(() -> new Views.Closed(true, 42));

        start(named("n", "{}"));

        assertThat(bus.last(StartExecution.class).knownClosed()).contains(new KnownClosed(true, 42));
    }

    @Test
    void aVersionRunsItsOwnRevisionUnderTheMachinesName() {
        registry.put("m");
        registry.putVersion("m", 3, 5);

        var started = start(new Starts.Request(MACHINE + ":3", "n", false, "{}", Optional.empty(), Optional.empty()));

        assertThat(started.executionArn()).isEqualTo(FakeRegistry.ACCOUNT + "execution:m:n");
        var command = bus.last(StartExecution.class);
        assertThat(command.stateMachineArn()).isEqualTo(MACHINE);
        assertThat(command.revision()).isEqualTo(5);
        assertThat(command.stateMachineVersionArn()).contains(MACHINE + ":3");
        assertThat(command.stateMachineAliasArn()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 30, 1", "29, 30, 1", "30, 30, 2", "99, 30, 2", "0, 0, 2", "99, 100, 1"})
    void anAliasSharesStartsOutByWeight(int draw, int weightOfTheFirst, int version) {
        registry.put("m");
        registry.putVersion("m", 1, 5);
        registry.putVersion("m", 2, 6);
        registry.putAlias(
                "m",
                "live",
                new Route(MACHINE + ":1", weightOfTheFirst),
                new Route(MACHINE + ":2", 100 - weightOfTheFirst));
        drawn = draw;

        start(new Starts.Request(MACHINE + ":live", "n", false, "{}", Optional.empty(), Optional.empty()));

        var command = bus.last(StartExecution.class);
        assertThat(command.revision()).isEqualTo(4 + version);
        assertThat(command.stateMachineVersionArn()).contains(MACHINE + ":" + version);
        assertThat(command.stateMachineAliasArn()).contains(MACHINE + ":live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "live"})
    void aVersionOrAliasThatIsNotThereStartsNothing(String qualifier) {
        registry.put("m");
        var request =
                new Starts.Request(MACHINE + ":" + qualifier, "n", false, "{}", Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> start(request))
                .hasMessageContaining("State Machine Does Not Exist: '" + MACHINE + ":" + qualifier + "'");
        assertThat(bus.commands).isEmpty();
    }

    @Test
    void anExpressExecutionNeedsNoNameOfItsOwn() {
        registry.put(FakeRegistry.machine("m", "EXPRESS", MachineStatus.ACTIVE));
        views.closed(() -> {
            throw new AssertionError("Expected no question about an Express execution");
        });

        var started = start(named("n", "{}"));

        assertThat(started.executionArn()).isEqualTo(FakeRegistry.ACCOUNT + "express:m:n:" + ID);
        var command = bus.last(StartExecution.class);
        assertThat(command.nameGiven()).isFalse();
        assertThat(command.awaitsResult()).isFalse();
    }

    @Test
    void onlyAnExpressExecutionIsWaitedFor() {
        registry.put("m");

        assertThatThrownBy(
                        () -> starts.run(named("n", "{}")).toCompletableFuture().join())
                .hasMessageContaining("This operation is not supported by this type of state machine");
        assertThat(bus.commands).isEmpty();
    }

    @Test
    void aRequestThatIsDeliveredAgainIsTheSameExpressExecution() {
        registry.put(FakeRegistry.machine("m", "EXPRESS", MachineStatus.ACTIVE));
        var request = new Starts.Request(MACHINE, "n", false, "{}", Optional.empty(), Optional.of("topic-0-7"));
        var deliveries = Starts.ofDeliveries(bus, registry, views);
        var calls = Starts.ofCalls(bus, registry, views);

        assertThat(arn(deliveries, request)).isEqualTo(arn(deliveries, request));
        assertThat(arn(calls, request)).isNotEqualTo(arn(calls, request));
    }

    private static String arn(Starts starts, Starts.Request request) {
        return starts.start(request).toCompletableFuture().join().executionArn();
    }

    @Test
    void anAnswerTooOldForTheEngineIsAskedForAgain() {
        registry.put("m");
        var covered = new AtomicLong(40);
        views.closed(() -> new Views.Closed(false, covered.incrementAndGet()));
        bus.reply(command ->
                ((StartExecution) command).knownClosed().orElseThrow().coversOffset() < 43
                        ? new Reply.Rejected(Refusal.STALE_VIEW, "")
                        : new Reply.Started("e", Instant.EPOCH));

        assertThat(start(named("n", "{}")).executionArn()).isEqualTo("e");
        assertThat(bus.commands).hasSize(3);
    }

    @Test
    void viewsThatNeverCatchUpEndInServiceUnavailable() {
        registry.put("m");
        bus.reply(new Reply.Rejected(Refusal.STALE_VIEW, ""));

        assertRefused(named("n", "{}"), ErrorCode.ServiceUnavailable);
        assertThat(bus.commands).hasSize(8);
    }

    @Test
    void aMachineMadeElsewhereAMomentAgoIsFound() {
        registry.late(FakeRegistry.machine("m", "STANDARD", MachineStatus.ACTIVE));

        start(named("n", "{}"));

        assertThat(bus.commands).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nothing; n; {}; InvalidArn",
                "arn:aws:states:us-east-1:123456789012:activity:m; n; {}; InvalidArn",
                "arn:aws:states:us-east-1:123456789012:stateMachine:m/label; n; {}; ValidationException",
                "arn:aws:states:us-east-1:123456789012:stateMachine:m:1; n; {}; StateMachineDoesNotExist",
                "arn:aws:states:us-east-1:123456789012:stateMachine:absent; n; {}; StateMachineDoesNotExist",
                "arn:aws:states:us-east-1:123456789012:stateMachine:absent; a b; x; InvalidName",
                "arn:aws:states:us-east-1:123456789012:stateMachine:absent; n; x; InvalidExecutionInput",
                "arn:aws:states:us-east-1:123456789012:stateMachine:going; n; {}; StateMachineDeleting",
            })
    void whatCannotStartIsRefusedInOrderAndNeverSent(String arn, String name, String input, ErrorCode error) {
        registry.put("m");
        registry.put(FakeRegistry.machine("going", "STANDARD", MachineStatus.DELETING));

        assertRefused(new Starts.Request(arn, name, true, input, Optional.empty(), Optional.empty()), error);
        assertThat(bus.commands).isEmpty();
    }

    @Test
    void aBadInputIsToldInAwsWords() {
        registry.put("m");
        assertThat(refusal(named("n", "")).message())
                .isEqualTo("Invalid State Machine Execution Input: 'Invalid execution input.'");
        assertThat(refusal(named("n", "not some json")).message())
                .isEqualTo(
                        "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String,"
                                + " Number, Array, Object or token 'null', 'true' or 'false')'");
    }

    @Test
    void inputIsMeasuredInBytes() {
        registry.put("m");
        var fits = "\"" + "é".repeat(131_071) + "\"";
        start(named("n", fits));
        assertThat(bus.last(StartExecution.class).input()).isEqualTo(fits);
        assertRefused(named("n", "\"" + "é".repeat(131_072) + "\""), ErrorCode.ValidationException);
    }

    @Test
    void theEnginesRefusalIsTheCallersError() {
        registry.put("m");
        bus.reply(new Reply.Rejected("ExecutionAlreadyExists", "Execution Already Exists: 'e'"));
        assertThat(refusal(named("n", "{}")).message()).isEqualTo("Execution Already Exists: 'e'");
    }

    private static Starts.Request named(String name, String input) {
        return new Starts.Request(MACHINE, name, true, input, Optional.empty(), Optional.empty());
    }

    private Reply.Started start(Starts.Request request) {
        return starts.start(request).toCompletableFuture().join();
    }

    private ApiException refusal(Starts.Request request) {
        try {
            throw new AssertionError("Expected a refusal, but " + start(request));
        } catch (CompletionException e) {
            if (e.getCause() instanceof ApiException refusal) {
                return refusal;
            }
            throw e;
        }
    }

    private void assertRefused(Starts.Request request, ErrorCode error) {
        assertThatThrownBy(() -> start(request))
                .cause()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(error));
    }
}
