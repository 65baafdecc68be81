package io.ligature.state.engine;

import io.ligature.avro.AttemptOffered;
import io.ligature.avro.AttemptUnplaced;
import io.ligature.avro.Candidate;
import io.ligature.avro.Failure;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attempts that wait for an agent or for word of an executor. */
final class Placing {

  /** Filters of the router that time does not open. */
  private static final String SMALL_WINDOW = "context_window";

  private static final String UNKNOWN_PRICE = "unknown_price";

  private Placing() {}

  static @Nullable String unplaced(Transition t, AttemptId id, TaskUnplaced unplaced) {
    TaskRow row = t.task(id.task());
    if (!Results.isNow(t, row, id) || row.state() instanceof TaskState.Running) {
      return "not placed, but nobody waits for an agent for " + id;
    }
    TaskState.WaitingForAgent known = row.state() instanceof TaskState.WaitingForAgent w ? w : null;
    if (known != null && known.parked()) {
      return "a duplicate: " + id + " is parked";
    }
    if (isHopeless(t, id, row, unplaced)) {
      return null;
    }
    if (!unplaced.getParked()) {
      if (known != null && known.reason().equals(unplaced.getReason())) {
        return "still not placed, for the same reason: " + id;
      }
      emit(t, id, unplaced.getReason(), null, Attempts.unclaimedUntil(t, workOf(t, id)));
      return null;
    }
    Instant again = t.now().plus(t.tuning().offerWait(known == null ? 0 : known.offers()));
    emit(t, id, unplaced.getReason(), again, again);
    return null;
  }

  /** No waiting brings an agent for the attempt: what follows from that is done. */
  private static boolean isHopeless(
      Transition t, AttemptId id, TaskRow row, TaskUnplaced unplaced) {
    List<Candidate> candidates = unplaced.getCandidates();
    Failure earlier = earlierFailure(row);
    boolean outgrown =
        earlier != null && earlier.getKind().equals(ErrorKind.CONTEXT_OVERFLOW.wireName());
    boolean parked = unplaced.getParked();
    if (earlier != null
        && (onlyExcluded(row.excludedAgents(), candidates, null)
            || (outgrown && onlyExcluded(row.excludedAgents(), candidates, SMALL_WINDOW)))) {
      String reason =
          row.excludedAgents().isEmpty()
              ? unplaced.getReason()
              : "no agent but " + String.join(", ", row.excludedAgents()) + " can take it";
      Results.giveUp(t, row, failure(ErrorKind.NO_AGENT, reason));
      Remedies.withoutOtherAgent(t, id.task(), earlier, reason);
      return true;
    }
    if (parked && onlyExcluded(row.excludedAgents(), candidates, SMALL_WINDOW)) {
      Failure failure = failure(ErrorKind.CONTEXT_OVERFLOW, unplaced.getReason());
      Remedies.withoutRetry(t, id.task(), failure);
      return true;
    }
    boolean onlyItself =
        t.plan().node(id.task()).kind() == Node.Kind.CRITIC
            && onlyExcluded(row.excludedAgents(), candidates, null);
    if (onlyItself || (parked && onlyExcluded(row.excludedAgents(), candidates, UNKNOWN_PRICE))) {
      Failure failure =
          failure(
              ErrorKind.NO_AGENT,
              onlyItself
                  ? "no agent but the one it is to judge can take it"
                  : unplaced.getReason());
      Results.giveUp(t, row, failure);
      Remedies.apply(t, id.task(), failure);
      return true;
    }
    return false;
  }

  private static Failure failure(ErrorKind kind, String message) {
    return new Failure(kind.wireName(), message, null, false);
  }

  private static void emit(
      Transition t, AttemptId id, String reason, @Nullable Instant again, Instant expiresAt) {
    t.emit(new Event.AttemptUnplaced(new AttemptUnplaced(id.toString(), reason, again, expiresAt)));
  }

  private static @Nullable Failure earlierFailure(TaskRow row) {
    AttemptRow before = null;
    for (AttemptRow attempt : row.attempts()) {
      if (attempt.number() < row.attempt() && attempt.failure() != null) {
        before = attempt;
      }
    }
    return before == null ? null : before.failure();
  }

  /**
   * @param filter of the router that no candidate passes either; null: none
   */
  private static boolean onlyExcluded(
      List<String> excluded, List<Candidate> candidates, @Nullable String filter) {
    return (filter != null || !excluded.isEmpty())
        && !candidates.isEmpty()
        && candidates.stream()
            .allMatch(
                c ->
                    excluded.contains(c.getAgent())
                        || (filter != null && filter.equals(c.getDroppedBy())));
  }

  /** The attempt's timer went off while nobody had claimed it. */
  static void silent(Transition t, String task, int offers) {
    if (offers < t.tuning().silentOffers()) {
      offer(t, task);
    } else {
      timeOut(
          t,
          task,
          "no executor took the attempt, though it was offered again " + offers + " times");
    }
  }

  static void offer(Transition t, String task) {
    AttemptId id = t.attemptId(task, t.task(task).attempt());
    t.emit(
        new Event.AttemptOffered(
            new AttemptOffered(id.toString(), Attempts.unclaimedUntil(t, workOf(t, id)))));
  }

  static void timeOut(Transition t, String task, String why) {
    TaskRow row = t.task(task);
    boolean claimed = row.state() instanceof TaskState.Running;
    Failure failure = new Failure(ErrorKind.TIMEOUT.wireName(), why, null, claimed);
    Results.giveUp(t, row, failure);
    Remedies.apply(t, task, failure);
  }

  private static AgentWork workOf(Transition t, AttemptId id) {
    return Envelopes.workOf(t, id.task());
  }
}
