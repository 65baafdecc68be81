package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Candidate;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.router.routing.Agent;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Routing;
import io.ligature.router.routing.Waiting;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.router.stream.SeenAttempts.Seen;
import io.ligature.router.stream.Shares.Share;
import io.ligature.router.stream.Timers.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Writes assignments, with copies for shadows, and remembers what they hold. */
final class Assigner {

  private static final Logger LOG = Logger.getLogger(Assigner.class);

  /** How much longer than its task's timeout a copy is waited for. */
  private static final Duration COPY_SLACK = Duration.ofSeconds(5);

  private final Routing routing;
  private final Fleet fleet;
  private final Shares shares;
  private final Timers timers;
  private final Outbox outbox;
  private final RouterMetrics metrics;

  Assigner(
      Routing routing,
      Fleet fleet,
      Shares shares,
      Timers timers,
      Outbox outbox,
      RouterMetrics metrics) {
    this.routing = routing;
    this.fleet = fleet;
    this.shares = shares;
    this.timers = timers;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  void assign(Waiting task, Assigned assigned, Instant now) {
    Agent agent = assigned.agent();
    TaskAssignment assignment =
        assignment(task.envelope(), agent, now, assigned.candidates(), false);
    Share share = shares.of(task.origin().partition());
    if (share != null) {
      shares.assigned(share, task.id(), Seen.of(assignment), assigned.expectedTokens());
      fleet.called(agent.id(), task.id());
    }
    LOG.debugf("task assigned: attempt=%s agent=%s", task.id(), agent.id());
    outbox.assign(assignment, task.origin());
    if (share != null) {
      copy(task, share, now);
    }
  }

  private void copy(Waiting task, Share share, Instant now) {
    for (Agent shadow : routing.shadows(task.request(), fleet, now)) {
      TaskAssignment copy = assignment(task.envelope(), shadow, now, List.of(), true);
      shares.copied(
          share,
          task.id(),
          Seen.of(copy),
          routing.expectedTokens(task.request(), fleet, shadow.id()));
      fleet.called(shadow.id(), Shares.copy(task.id(), shadow.id()));
      Duration timeout = Duration.ofMillis(task.envelope().getConstraints().getTimeout());
      timers.set(
          now.plus(timeout).plus(COPY_SLACK),
          Kind.COPY_ENDS,
          Shares.copy(task.id(), shadow.id()),
          share.partition);
      metrics.copied();
      LOG.debugf("task copied: attempt=%s agent=%s", task.id(), shadow.id());
      outbox.copy(copy, task.origin());
    }
  }

  private TaskAssignment assignment(
      TaskEnvelope envelope, Agent agent, Instant now, List<Candidate> candidates, boolean shadow) {
    AgentRegistration registration = agent.registration();
    return new TaskAssignment(
        envelope,
        agent.id(),
        registration.getVersion(),
        registration.getPool(),
        now,
        candidates,
        shadow,
        fleet.calibrationOf(agent.id(), envelope.getCapability()));
  }

  /** The same agent as before and no second charge; the executor knows what it has done. */
  void again(TaskEnvelope envelope, Origin origin, Seen seen) {
    metrics.forwardedAgain();
    LOG.debugf("assignment forwarded again: attempt=%s agent=%s", envelope.getId(), seen.agent());
    Candidate candidate =
        new Candidate(seen.agent(), null, null, "assigned before, at " + seen.assignedAt());
    outbox.assign(
        new TaskAssignment(
            envelope,
            seen.agent(),
            seen.version(),
            seen.pool(),
            seen.assignedAt(),
            List.of(candidate),
            false,
            fleet.calibrationOf(seen.agent(), envelope.getCapability())),
        origin);
  }
}
