package io.ligature.router.statistics;

import io.ligature.avro.AgentStatistics;
import io.ligature.avro.AttemptAdopted;
import io.ligature.avro.AttemptAnswered;
import io.ligature.avro.AttemptFailed;
import io.ligature.avro.AttemptScheduled;
import io.ligature.avro.AttemptStarted;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ReviewDecided;
import io.ligature.avro.ReviewRequested;
import io.ligature.avro.ShadowRecorded;
import io.ligature.avro.TaskCancelled;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskFailed;
import io.ligature.avro.TaskSkipped;
import io.ligature.avro.TaskSucceeded;
import io.ligature.avro.WorkflowCancelled;
import io.ligature.avro.WorkflowCompleted;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowFailed;
import io.ligature.avro.WorkflowQuarantined;
import io.ligature.router.statistics.OpenTasks.Open;
import io.ligature.router.statistics.OpenTasks.Stand;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds one partition of the events into tallies.
 *
 * <p>Every event has an offset, and every tally knows up to which offset it has counted, so that to
 * read a part of the partition again changes nothing. An event of a task tells neither its
 * capability nor, after a review, its agent; {@link OpenTasks} remembers them. What it has
 * forgotten, or never saw, is left out and counted as such.
 *
 * <p>What counts as what stands in {@code docs/routing.md}, section "Statistics".
 */
public final class EventFold {

  private final int lookBack;
  private final OpenTasks open;
  private final Tallies tallies;
  private final ReviewFold reviews;
  private long nextOffset;

  /**
   * @param mostTallies that are kept; the one that has not changed for longest makes room
   * @param mostOpen tasks that are remembered while they are open
   * @param lookBack records before the first uncounted one that a later fold reads again at most
   * @param countFrom what stands before that offset is counted in the records; it is read to know
   *     the open tasks
   */
  public EventFold(HalfLife halfLife, int mostTallies, int mostOpen, int lookBack, long countFrom) {
    this.lookBack = lookBack;
    this.open = new OpenTasks(mostOpen);
    this.tallies = new Tallies(halfLife, mostTallies, countFrom);
    this.reviews = new ReviewFold(open, tallies);
    this.nextOffset = countFrom;
  }

  /** Takes up what an earlier fold of the partition wrote. */
  public void restore(AgentStatistics record) {
    tallies.restore(record);
  }

  public void take(WorkflowEvent event, long offset) {
    String workflow = event.getWorkflowId();
    Instant at = event.getAt();
    switch (event.getBody()) {
      case AttemptScheduled e -> scheduled(e.getEnvelope(), offset);
      case AttemptAdopted e -> adopted(AttemptId.parse(e.getId()), offset);
      case AttemptStarted e -> started(AttemptId.parse(e.getId()), e.getAgent());
      case AttemptAnswered e -> answered(e, at, offset);
      case AttemptFailed e -> failed(e, at, offset);
      case TaskSucceeded e -> succeeded(workflow, e, at, offset);
      case ReviewRequested e -> reviews.requested(workflow, e, at, offset);
      case ReviewDecided e -> reviews.decided(workflow, e, at, offset);
      case ShadowRecorded e -> shadow(e, at, offset);
      case TaskFailed e -> open.end(workflow, e.getTask());
      case TaskSkipped e -> open.end(workflow, e.getTask());
      case TaskCancelled e -> open.end(workflow, e.getTask());
      case WorkflowCompleted e -> open.end(workflow);
      case WorkflowFailed e -> open.end(workflow);
      case WorkflowCancelled e -> open.end(workflow);
      case WorkflowQuarantined e -> open.end(workflow);
      // The other events say nothing about an agent.
      default -> {}
    }
    nextOffset = Math.max(nextOffset, offset + 1);
  }

  /** First offset that is not counted. */
  public long nextOffset() {
    return nextOffset;
  }

  /** An offset was passed that holds no event. */
  public void passed(long position) {
    nextOffset = Math.max(nextOffset, position);
  }

  /** Where a later fold has to begin to know the tasks that are open now. */
  public long readFrom() {
    return Math.max(open.oldest(nextOffset), nextOffset - lookBack);
  }

  /** Results and failures whose capability was not known any more. */
  public long unattributed() {
    return tallies.unattributed();
  }

  public Map<AgentAt, Tally> tallies() {
    return tallies.all();
  }

  /** What changed since the last call, as records. */
  public List<AgentStatistics> takeChanged(int partition) {
    return tallies.takeChanged(partition, nextOffset);
  }

  /** What was dropped since the last call, because there was no room or it had faded. */
  public Set<AgentAt> takeDropped() {
    return tallies.takeDropped();
  }

  /** Drops what has faded to nearly nothing. */
  public void dropFaded(Instant now, double below) {
    tallies.dropFaded(now, below);
  }

  /** Somebody wrote an older state of it after ours. */
  public void writeAgain(AgentAt key) {
    tallies.writeAgain(key);
  }

  private void scheduled(TaskEnvelope envelope, long offset) {
    open.begin(
        envelope.getContext().getWorkflowId(),
        envelope.getContext().getTask(),
        envelope.getCapability(),
        offset);
  }

  /** Its schedule was undone; an earlier attempt tells the capability. */
  private void adopted(AttemptId id, long offset) {
    Open known = open.get(id.workflowId(), id.task());
    if (known != null) {
      open.begin(id.workflowId(), id.task(), known.capability, offset);
    }
  }

  private void started(AttemptId id, String agent) {
    Open known = open.get(id.workflowId(), id.task());
    if (known != null) {
      known.called = agent;
    }
  }

  /** The result is there and its call is over; what it is worth a critic says. */
  private void answered(AttemptAnswered e, Instant at, long offset) {
    AttemptId id = AttemptId.parse(e.getId());
    Open known = open.get(id.workflowId(), id.task());
    String agent = e.getAgent();
    if (agent == null) {
      return;
    }
    if (known != null) {
      known.agent = agent;
      known.confidence = e.getMetadata().getConfidence();
      known.at = at;
      known.stand = Stand.ANSWERED;
      known.stood = null;
    }
    if (e.getMetadata().getServedFrom() != null) {
      return;
    }
    Tally tally = tally(agent, known, offset);
    if (tally != null) {
      CallFigures.of(tally, e.getMetadata(), e.getCharged(), e.getCostKnown(), at);
    }
  }

  private void failed(AttemptFailed e, Instant at, long offset) {
    AttemptId id = AttemptId.parse(e.getId());
    Open known = open.get(id.workflowId(), id.task());
    String agent = e.getAgent() != null || known == null ? e.getAgent() : known.called;
    if (agent == null) {
      return;
    }
    String kind = e.getFailure().getKind();
    Stand stand = standOf(kind);
    if (known != null && known.stand == Stand.REJECTED && stand == Stand.REJECTED) {
      return;
    }
    Tally tally = tally(agent, known, offset);
    ResultMetadata metadata = e.getMetadata();
    Double confidence = metadata == null ? null : metadata.getConfidence();
    boolean judged = known != null && known.stand == Stand.ANSWERED;
    boolean foundBad = stand == Stand.FOUND_WRONG || stand == Stand.REJECTED;
    Boolean stood = foundBad ? Boolean.FALSE : null;
    if (known != null) {
      known.agent = agent;
      known.confidence = confidence;
      known.at = at;
      known.stand = stand;
      known.stood = stood;
    }
    if (tally == null) {
      return;
    }
    Count rejected = stand.count();
    if (rejected == null) {
      tally.failed(kind, at);
    } else {
      tally.count(rejected, at);
    }
    if (stood != null && confidence != null) {
      tally.verdict(confidence, stood, at);
    }
    if (judged) {
      return;
    }
    if (rejected != null) {
      CallFigures.latency(tally, metadata, at);
    }
    if (rejected != null || Figures.isItsFault(kind)) {
      CallFigures.cost(tally, metadata, e.getCharged(), e.getCostKnown(), at);
    }
    CallFigures.tokens(tally, metadata, at);
  }

  private static Stand standOf(String kind) {
    ErrorKind known = ErrorKind.ofWireName(kind).orElse(ErrorKind.MODEL_ERROR);
    return known == ErrorKind.LOW_CONFIDENCE
        ? Stand.TOO_UNSURE
        : known == ErrorKind.REJECTED_BY_VALIDATOR
            ? Stand.FOUND_WRONG
            : known == ErrorKind.REJECTED_BY_REVIEWER ? Stand.REJECTED : Stand.FAILED;
  }

  private void succeeded(String workflow, TaskSucceeded e, Instant at, long offset) {
    Open known = open.get(workflow, e.getTask());
    String agent = e.getAgent();
    ResultMetadata metadata = e.getMetadata();
    if (agent != null && metadata == null) {
      if (known != null) {
        reviews.used(known, agent, e.getGrade(), at, offset);
      }
    } else if (agent != null && metadata != null && metadata.getServedFrom() == null) {
      boolean judged = known != null && known.stand == Stand.ANSWERED;
      Tally tally = tally(agent, known, offset);
      if (tally != null) {
        tally.accepted(repaired(e.getGrade(), metadata), at);
        if (!judged) {
          CallFigures.of(tally, metadata, e.getCharged(), e.getCostKnown(), at);
        } else if (metadata.getConfidence() != null) {
          tally.verdict(metadata.getConfidence(), true, at);
        }
      }
    }
    open.end(workflow, e.getTask());
  }

  private static boolean repaired(Grade grade, ResultMetadata metadata) {
    return grade == Grade.repaired || !metadata.getRepairs().isEmpty();
  }

  /** A shadow's result was never used; it counts as nothing but a comparison. */
  private void shadow(ShadowRecorded e, Instant at, long offset) {
    AttemptId id = AttemptId.parse(e.getId());
    Boolean agrees = e.getAgrees();
    if (agrees == null && e.getStatus() != ResultStatus.failure) {
      return;
    }
    Tally tally =
        tallies.changing(e.getAgent(), open.capabilityOf(id.workflowId(), id.task()), offset);
    if (tally != null) {
      tally.count(
          agrees == null
              ? Count.SHADOW_FAILED
              : agrees ? Count.SHADOW_AGREED : Count.SHADOW_DIFFERED,
          at);
      CallFigures.latency(tally, agrees == null ? null : e.getMetadata(), at);
      CallFigures.tokens(tally, e.getMetadata(), at);
    }
  }

  private @Nullable Tally tally(String agent, @Nullable Open known, long offset) {
    return tallies.changing(agent, known == null ? null : known.capability, offset);
  }
}
