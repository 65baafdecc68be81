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
    Failure earlier = earlierFailure(row);
    if (earlier != null && onlyExcluded(row.excludedAgents(), unplaced.getCandidates())) {
      String reason = "no agent but " + String.join(", ", row.excludedAgents()) + " can take it";
      Results.giveUp(t, row, new Failure(ErrorKind.NO_AGENT.wireName(), reason, null, false));
      Remedies.withoutOtherAgent(t, id.task(), earlier, reason);
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

  private static boolean onlyExcluded(List<String> excluded, List<Candidate> candidates) {
    return !excluded.isEmpty()
        && !candidates.isEmpty()
        && candidates.stream().allMatch(c -> excluded.contains(c.getAgent()));
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
