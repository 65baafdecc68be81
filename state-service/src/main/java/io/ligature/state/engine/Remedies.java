package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.Payload;
import io.ligature.avro.RetryScheduled;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.DefaultLadders;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Backoff;
import io.ligature.schemas.definition.TaskDefinition.Fail;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Skip;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Climbs the error ladders. Where a task stands on one follows from how often it failed by that
 * kind: a retry rung takes as many failures as it has attempts, every other rung takes the rest.
 */
final class Remedies {

  private static final int BYTES_PER_TOKEN = 4;

  private Remedies() {}

  /**
   * A rung and how often it was stood on, from 1.
   *
   * @param index of the rung in its ladder
   */
  record Rung(Step step, int index, int turn) {}

  /** Of a task that only one agent may get, without the rungs that ask for another one. */
  static List<Step> ladder(TaskDefinition definition, ErrorKind kind) {
    List<Step> own = definition.onError().get(kind);
    List<Step> ladder = own != null ? own : DefaultLadders.of(kind);
    boolean pinned =
        definition.action() instanceof AgentWork work && work.handling().routing().pin() != null;
    return pinned
        ? ladder.stream().filter(s -> !(s instanceof Retry r && isByAnother(r))).toList()
        : ladder;
  }

  private static boolean isByAnother(Retry retry) {
    return retry.agent() == AgentChoice.DIFFERENT;
  }

  static Rung rung(List<Step> ladder, int failures) {
    int left = Math.max(1, failures);
    for (int i = 0; i < ladder.size(); i++) {
      if (!(ladder.get(i) instanceof Retry(int max, Backoff b, AgentChoice a))) {
        return new Rung(ladder.get(i), i, left);
      }
      if (left <= max) {
        return new Rung(ladder.get(i), i, left);
      }
      left -= max;
    }
    return new Rung(new Fail(), ladder.size(), left);
  }

  private static Rung rung(TaskDefinition definition, TaskRow row, ErrorKind kind) {
    return rung(ladder(definition, kind), row.failures().getOrDefault(kind, 0));
  }

  /** Agents the next attempt must not go to. */
  static List<String> excludedAgents(TaskDefinition definition, TaskRow row) {
    AttemptRow last = row.lastAttempt();
    Failure failure = last == null ? null : last.failure();
    if (failure == null) {
      return List.of();
    }
    Rung rung = rung(definition, row, Evolution.kindOf(failure.getKind()));
    return rung.step() instanceof Retry retry && isByAnother(retry) ? agentsOf(row) : List.of();
  }

  /** The agent that an attempt goes to while it can take it, because it had the one before. */
  static @Nullable String sameAgent(TaskDefinition definition, TaskRow row, int number) {
    AttemptRow before = before(row, number);
    Failure failure = before == null ? null : before.failure();
    if (before == null || failure == null) {
      return null;
    }
    Rung rung = rung(definition, row, Evolution.kindOf(failure.getKind()));
    return rung.step() instanceof Retry retry && retry.agent() == AgentChoice.SAME
        ? before.agent()
        : null;
  }

  private static @Nullable AttemptRow before(TaskRow row, int number) {
    AttemptRow before = null;
    for (AttemptRow attempt : row.attempts()) {
      before = attempt.number() < number ? attempt : before;
    }
    return before;
  }

  /**
   * Tokens that the window must exceed because one was too small: what the provider counted, at
   * least a quarter of the input's bytes; null: none was.
   */
  static @Nullable Long largerContextThan(TaskRow row, Payload input) {
    if (row.failures().getOrDefault(ErrorKind.CONTEXT_OVERFLOW, 0) == 0) {
      return null;
    }
    long tokens = input.getSize() / BYTES_PER_TOKEN;
    for (AttemptRow attempt : row.attempts()) {
      Failure failure = attempt.failure();
      Long counted = attempt.details().inputTokens();
      if (failure != null
          && counted != null
          && failure.getKind().equals(ErrorKind.CONTEXT_OVERFLOW.wireName())) {
        tokens = Math.max(tokens, counted);
      }
    }
    return tokens;
  }

  private static List<String> agentsOf(TaskRow row) {
    List<String> agents = new ArrayList<>();
    for (AttemptRow attempt : row.attempts()) {
      String agent = attempt.agent();
      if (agent != null && !agents.contains(agent)) {
        agents.add(agent);
      }
    }
    return agents;
  }

  /** What follows a failure that was folded. */
  static void apply(Transition t, String task, Failure failure) {
    TaskDefinition definition = t.definitionOf(task);
    TaskRow row = t.task(task);
    take(t, task, failure, rung(definition, row, Evolution.kindOf(failure.getKind())));
  }

  /**
   * What follows a failure that no other attempt of the task can mend: its retries are passed over.
   */
  static void withoutRetry(Transition t, String task, Failure failure) {
    Stopping.letGo(t, task, failure);
    Step end = new Fail();
    for (Step step : ladder(t.definitionOf(task), Evolution.kindOf(failure.getKind())).reversed()) {
      if (!(step instanceof Retry)) {
        end = step;
      }
    }
    take(t, task, failure, new Rung(end, 0, 1));
  }

  private static void take(Transition t, String task, Failure failure, Rung rung) {
    switch (rung.step()) {
      case Retry retry -> retry(t, task, failure, retry, rung.turn());
      case AskForReview ask -> Reviews.openForFailure(t, task, ask.rule(), failure);
      case Fail fail -> Scheduling.fail(t, task, failure);
      case Skip skip ->
          Scheduling.skip(
              t,
              task,
              "skipped as onError says: " + failure.getKind() + ": " + failure.getMessage());
    }
  }

  private static void retry(Transition t, String task, Failure failure, Retry retry, int turn) {
    TaskRow row = t.task(task);
    int number = row.attempt() + 1;
    Duration wait = backoff(retry.backoff(), turn, t.attemptId(task, number).toString());
    Duration floor = floor(failure, t.tuning().limitedWait());
    if (wait.compareTo(floor) < 0) {
      wait = floor;
    }
    if (wait.isZero()) {
      Scheduling.next(t, task);
      return;
    }
    Instant due = t.now().plus(wait);
    t.emit(
        new Event.RetryScheduled(
            new RetryScheduled(
                task,
                number,
                due,
                excludedAgents(t.definitionOf(task), row),
                "retry "
                    + turn
                    + " of "
                    + retry.max()
                    + " after "
                    + failure.getKind()
                    + ": "
                    + failure.getMessage())));
  }

  /**
   * What the agent asked for. The router leaves an agent that is rate limited alone for that long,
   * and another one may take the task at once; only the news must have reached it.
   */
  private static Duration floor(Failure failure, Duration limitedWait) {
    Long asked = failure.getRetryAfter();
    Duration floor = asked == null ? Duration.ZERO : Duration.ofMillis(asked);
    boolean limited = failure.getKind().equals(ErrorKind.RATE_LIMITED.wireName());
    return limited && floor.compareTo(limitedWait) > 0 ? limitedWait : floor;
  }

  /**
   * {@code min(most, initial * factor^(turn-1))}, and up to a tenth more by the attempt's id, so
   * that what failed together does not come back together.
   */
  static Duration backoff(Backoff backoff, int turn, String attemptId) {
    double exact = (double) backoff.initial().toMillis() * Math.pow(backoff.factor(), turn - 1);
    double capped = Math.min(exact, (double) backoff.most().toMillis());
    double share = Math.floorMod(attemptId.hashCode() * 0x9E3779B9, 1000) / 10_000.0;
    return Duration.ofMillis(Math.round(capped * (1 + share)));
  }

  /**
   * No other agent can take the attempt: what stands above its rung is next, with the failure that
   * led to it.
   */
  static void withoutOtherAgent(Transition t, String task, Failure earlier, String reason) {
    TaskDefinition definition = t.definitionOf(task);
    ErrorKind kind = Evolution.kindOf(earlier.getKind());
    List<Step> ladder = ladder(definition, kind);
    int index = rung(definition, t.task(task), kind).index() + 1;
    Step step = index < ladder.size() ? ladder.get(index) : new Fail();
    Failure failure =
        new Failure(earlier.getKind(), earlier.getMessage() + "; " + reason, null, false);
    take(t, task, failure, new Rung(step, index, 1));
  }
}
