package io.ligature.executor.execution;

import static io.ligature.executor.execution.CallsWithOneAgent.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.executor.Samples;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Made.Served;
import io.ligature.executor.execution.Made.Source;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results that are stored, and calls that are shared. */
@Timeout(30)
class ReuseTest {

  private static final String FIRST = "wf-1/a#1";
  private static final String SECOND = "wf-2/b#1";
  private static final long HOUR = 3_600_000;

  private final CallsWithOneAgent calls = new CallsWithOneAgent();

  private static TaskAssignment cached(String attempt) {
    return assignment(attempt, envelope -> envelope.setCacheMaxAge(HOUR));
  }

  private static TaskAssignment cached(
      String attempt, UnaryOperator<WorkflowContext.Builder> change) {
    return assignment(
        attempt,
        envelope ->
            envelope
                .setCacheMaxAge(HOUR)
                .setContext(
                    change.apply(WorkflowContext.newBuilder(envelope.getContext())).build()));
  }

  private static TaskAssignment shared(String attempt) {
    return assignment(attempt, envelope -> envelope.setShareIdenticalCalls(true));
  }

  private CompletableFuture<Optional<Made>> aside(TaskAssignment assignment, CallControl control) {
    CompletableFuture<Optional<Made>> made = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    made.complete(calls.make(assignment, control));
                  } catch (RuntimeException e) {
                    made.completeExceptionally(e);
                  }
                });
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                thread.getState() == Thread.State.TIMED_WAITING
                    || thread.getState() == Thread.State.WAITING
                    || made.isDone());
    return made;
  }

  private static Made made(CompletableFuture<Optional<Made>> aside) throws Exception {
    return aside.get(10, TimeUnit.SECONDS).orElseThrow();
  }

  @Test
  void usesAStoredResultAtNoCost() {
    calls.adapter.answer(
        call ->
            new Success(
                call.input(),
                new CallMetadata(Money.of("0.5"), 0.8, "m-1", 10L, 5L, 3L, "request-1")));
    Made paid = calls.make(cached(FIRST));

    Made served = calls.make(cached(SECOND));

    assertThat(served)
        .isEqualTo(
            new Made(
                new Success(
                    ((Success) paid.outcome()).output(),
                    new CallMetadata(Money.ZERO, 0.8, "m-1", 0L, 0L, 0L, null)),
                paid.output(),
                Duration.ZERO,
                false,
                List.of(),
                null,
                null,
                new Served(FIRST, Source.CACHE)));
    assertThat(paid.served()).isNull();
    assertThat(calls.adapter.calls()).isEqualTo(Map.of(FIRST, 1));
  }

  @Test
  void saysOfAStoredResultThatItWasRepaired() {
    calls.agent = Samples.agent("a", "fake", "{}", null, "{\"type\": \"array\"}");
    calls.make(cached(FIRST));

    assertThat(calls.make(cached(SECOND)).repairs())
        .containsExactly("/: single value put into a list");
  }

  @Test
  void storesNothingForATaskThatDoesNotAskForIt() {
    calls.make(Samples.assignment(FIRST, "a"));

    assertThat(calls.make(cached(SECOND)).served()).isNull();
    calls.make(Samples.assignment("wf-3/c#1", "a"));
    assertThat(calls.adapter.calls()).hasSize(3);
  }

  @Test
  void usesNoResultThatIsTooOldForTheTask() {
    calls.make(cached(FIRST));
    calls.now = calls.now.plusMillis(1_001);
    TaskAssignment choosy = assignment(SECOND, envelope -> envelope.setCacheMaxAge(1_000L));

    assertThat(calls.make(cached("wf-3/c#1")).served()).isNotNull();
    assertThat(calls.make(choosy).served()).isNull();
  }

  @Test
  void usesAResultOfExactlyTheAgeTheTaskAllows() {
    calls.make(cached(FIRST));
    calls.now = calls.now.plusMillis(HOUR);

    assertThat(calls.make(cached(SECOND)).served()).isNotNull();
  }

  @Test
  void storesNoFailure() {
    calls.adapter.answer(call -> AgentOutcome.possiblyBilled(ErrorKind.MODEL_ERROR, "no"));
    calls.make(cached(FIRST));

    assertThat(calls.make(cached(SECOND)).served()).isNull();
  }

  @Test
  void storesNothingThatNeedsReview() {
    calls.adapter.answer(
        call -> new AgentOutcome.NeedsReview(call.input(), CallMetadata.UNKNOWN, "unsure"));
    calls.make(cached(FIRST));

    assertThat(calls.make(cached(SECOND)).served()).isNull();
  }

  @Test
  void asksAgainForAnotherTenantVariableInputOrVersion() {
    calls.make(cached(FIRST));

    assertThat(calls.make(cached("wf-2/t#1", context -> context.setTenant("other"))).served())
        .isNull();
    assertThat(
            calls
                .make(cached("wf-2/v#1", context -> context.setVariables(Map.of("x", "1"))))
                .served())
        .isNull();
    TaskAssignment other =
        assignment(
            "wf-2/i#1",
            envelope -> envelope.setCacheMaxAge(HOUR).setInput(Samples.json("{\"n\": 2}")));
    assertThat(calls.make(other).served()).isNull();
    calls.agent = AgentRegistration.newBuilder(calls.agent).setVersion("2").build();
    assertThat(calls.make(cached("wf-2/w#1")).served()).isNull();
    calls.agent =
        AgentRegistration.newBuilder(calls.agent).setRegisteredAt(Instant.ofEpochMilli(7)).build();
    assertThat(calls.make(cached("wf-2/x#1")).served()).isNull();
  }

  @Test
  void asksAgainAfterAFailureAndForgetsWhatWasStored() {
    calls.make(cached(FIRST));

    Made second =
        calls.make(
            cached(
                "wf-1/a#2",
                context ->
                    context.setEarlierAttempts(List.of(new EarlierAttempt(1, "a", null, null)))));

    assertThat(second.served()).isNull();
    assertThat(calls.make(cached(SECOND)).served()).isNull();
  }

  @Test
  void asksAgainAfterAReviewersFeedback() {
    calls.make(cached(FIRST));

    assertThat(
            calls
                .make(cached("wf-1/a#2", context -> context.setReviewFeedback(List.of("shorter"))))
                .served())
        .isNull();
  }

  @Test
  void neverServesAShadow() {
    calls.make(cached(FIRST));
    TaskAssignment shadow = TaskAssignment.newBuilder(cached(SECOND)).setShadow(true).build();

    assertThat(calls.make(shadow).served()).isNull();
  }

  @Test
  void forgetsTheResultUsedLongestAgo() {
    ResultCache cache = new ResultCache(2, 100_000, Duration.ofHours(1));
    CallsWithOneAgent few = new CallsWithOneAgent(cache);
    for (int n = 1; n <= 3; n++) {
      few.make(of("wf-1/n" + n + "#1", n));
      few.make(of("wf-2/n1#" + n, 1));
    }

    assertThat(cache.size()).isEqualTo(2);
    assertThat(few.make(of("wf-3/n1#1", 1)).served()).isNotNull();
    assertThat(few.make(of("wf-3/n2#1", 2)).served()).isNull();
  }

  private static TaskAssignment of(String attempt, int n) {
    return assignment(
        attempt,
        envelope -> envelope.setCacheMaxAge(HOUR).setInput(Samples.json("{\"n\": " + n + "}")));
  }

  @Test
  void storesNoMoreBytesThanItMay() {
    ResultCache cache = new ResultCache(100, 1_500, Duration.ofHours(1));
    CallsWithOneAgent few = new CallsWithOneAgent(cache);
    for (int n = 1; n <= 5; n++) {
      few.make(of("wf-1/n" + n + "#1", n));
    }
    assertThat(cache.size()).isEqualTo(2);

    few.adapter.answer(
        call ->
            new Success(
                JsonNodeFactory.instance.textNode("x".repeat(1_000)), CallMetadata.UNKNOWN));
    few.make(of("wf-1/large#1", 9));
    assertThat(few.make(of("wf-2/large#1", 9)).served()).isNull();
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void storesNothingWhenItMayNot() {
    ResultCache none = new ResultCache(0, 100_000, Duration.ofHours(1));
    CallsWithOneAgent few = new CallsWithOneAgent(none);
    few.make(cached(FIRST));

    assertThat(few.make(cached(SECOND)).served()).isNull();
  }

  @Test
  void keepsNoResultLongerThanItsOwnAge() {
    ResultCache cache = new ResultCache(10, 100_000, Duration.ofMinutes(1));
    CallsWithOneAgent brief = new CallsWithOneAgent(cache);
    brief.make(cached(FIRST));
    brief.now = brief.now.plusSeconds(61);

    cache.expire(brief.now);

    assertThat(cache.size()).isZero();
    assertThat(brief.make(cached(SECOND)).served()).isNull();
  }

  @Test
  void waitsForAnIdenticalCallAndSharesItsResult() throws Exception {
    calls.adapter.hold(FIRST);
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), new CallControl());
    CompletableFuture<Optional<Made>> follower = aside(shared(SECOND), new CallControl());
    assertThat(follower).isNotDone();

    calls.adapter.release(FIRST);

    assertThat(made(leader).served()).isNull();
    Made shared = made(follower);
    assertThat(shared.served()).isEqualTo(new Served(FIRST, Source.SHARED_CALL));
    assertThat(shared.output()).isEqualTo(made(leader).output());
    assertThat(shared.outcome().metadata().cost()).isEqualTo(Money.ZERO);
    assertThat(calls.adapter.calls()).isEqualTo(Map.of(FIRST, 1));
  }

  @Test
  void callsAgainWhenTheOtherCallIsOver() {
    calls.make(shared(FIRST));

    assertThat(calls.make(shared(SECOND)).served()).isNull();
  }

  @Test
  void callsItselfWhenTheCallItWaitedForFails() throws Exception {
    calls.adapter.answer(
        call ->
            call.attempt().equals(FIRST)
                ? AgentOutcome.possiblyBilled(ErrorKind.MODEL_ERROR, "no")
                : new Success(call.input(), CallMetadata.UNKNOWN));
    calls.adapter.hold(FIRST);
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), new CallControl());
    CompletableFuture<Optional<Made>> follower = aside(shared(SECOND), new CallControl());

    calls.adapter.release(FIRST);

    assertThat(made(leader).outcome()).isInstanceOf(Failed.class);
    assertThat(made(follower).outcome()).isInstanceOf(Success.class);
    assertThat(made(follower).served()).isNull();
    assertThat(calls.adapter.calls()).isEqualTo(Map.of(FIRST, 1, SECOND, 1));
  }

  @Test
  void callsItselfWhenTheCallItWaitedForIsCancelled() throws Exception {
    calls.adapter.hold(FIRST);
    CallControl control = new CallControl();
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), control);
    CompletableFuture<Optional<Made>> follower = aside(shared(SECOND), new CallControl());

    control.end(Ending.CANCELLED, "not needed");

    assertThat(((Failed) made(leader).outcome()).failure().kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(made(follower).outcome()).isInstanceOf(Success.class);
    assertThat(calls.adapter.calls(SECOND)).isEqualTo(1);
  }

  @Test
  void cancelsNoCallWithAnAttemptThatWaitsForIt() throws Exception {
    calls.adapter.hold(FIRST);
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), new CallControl());
    CallControl control = new CallControl();
    CompletableFuture<Optional<Made>> follower = aside(shared(SECOND), control);

    control.end(Ending.CANCELLED, "not needed");

    Failed cancelled = (Failed) made(follower).outcome();
    assertThat(cancelled.failure().kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(cancelled.failure().possiblyBilled()).isFalse();
    calls.adapter.release(FIRST);
    assertThat(made(leader).outcome()).isInstanceOf(Success.class);
  }

  @Test
  void waitsNoLongerThanItsOwnTimeout() throws Exception {
    calls.adapter.hold(FIRST);
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), new CallControl());
    TaskEnvelope hasty =
        TaskEnvelope.newBuilder(
                Samples.envelope(SECOND, Samples.json("{\"n\": 1}"), Duration.ofMillis(50)))
            .setShareIdenticalCalls(true)
            .build();

    Made late = calls.make(Samples.assignment(hasty, "a"));

    assertThat(((Failed) late.outcome()).failure().kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(late.reached()).isFalse();
    assertThat(leader).isNotDone();
    calls.adapter.release(FIRST);
    made(leader);
  }

  @Test
  void isHandedOverWithTheCallItWaitsFor() throws Exception {
    calls.adapter.hold(FIRST);
    CallControl control = new CallControl();
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), control);
    CompletableFuture<Optional<Made>> follower = aside(shared(SECOND), new CallControl());

    control.end(Ending.HANDED_OVER, "stops");

    assertThat(leader.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(follower.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(calls.adapter.calls(SECOND)).isZero();
  }

  @Test
  void doesNotShareWithATaskThatDoesNotWantTo() throws Exception {
    calls.adapter.hold(FIRST);
    CompletableFuture<Optional<Made>> leader = aside(shared(FIRST), new CallControl());

    assertThat(calls.make(Samples.assignment(SECOND, "a")).served()).isNull();
    calls.adapter.release(FIRST);
    made(leader);
  }
}
