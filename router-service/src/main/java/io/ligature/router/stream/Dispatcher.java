package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Candidate;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Agent;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Routing;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.routing.Waiting;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.router.routing.WaitingRoom;
import io.ligature.router.stream.SeenAttempts.Seen;
import io.ligature.router.stream.Timers.Due;
import io.ligature.router.stream.Timers.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks, agents and results in the order they are read, and assigns tasks. One thread.
 *
 * <p>The order within one turn of the loop matters: first what frees agents, then {@link
 * #placeWaiting}, then new tasks. A new task then never overtakes a waiting one that could have had
 * the same agent.
 */
final class Dispatcher {

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  private final RouterSettings settings;
  private final Routing routing;
  private final Outbox outbox;
  private final RouterMetrics metrics;
  private final Fleet fleet = new Fleet();
  private final WaitingRoom room = new WaitingRoom();
  private final Timers timers = new Timers();
  private final Map<Integer, Share> shares = new HashMap<>();
  private final Map<String, String> whyWaiting = new HashMap<>();

  Dispatcher(RouterSettings settings, Outbox outbox, RouterMetrics metrics) {
    this.settings = settings;
    this.routing = new Routing(settings.routing());
    this.outbox = outbox;
    this.metrics = metrics;
  }

  Fleet fleet() {
    return fleet;
  }

  Routing routing() {
    return routing;
  }

  int waiting() {
    return room.size();
  }

  /**
   * A partition is ours.
   *
   * @param position first ready record that will be read
   * @param assigned what the log says was assigned already
   */
  void take(int partition, long position, Map<String, Seen> assigned) {
    Share share = new Share(settings, position);
    shares.put(partition, share);
    assigned.forEach((attempt, seen) -> remember(share, attempt, seen));
  }

  /** A partition is another router's. Its waiting tasks are still in the log. */
  void give(int partition) {
    Share share = shares.remove(partition);
    if (share == null) {
      return;
    }
    List<String> gone =
        room.tasks().stream()
            .filter(task -> task.origin().partition() == partition)
            .map(Waiting::id)
            .toList();
    gone.forEach(this::leave);
    share.seen.open().forEach(seen -> release(seen.agent()));
  }

  @Nullable OffsetTracker offsets(int partition) {
    Share share = shares.get(partition);
    return share == null ? null : share.offsets;
  }

  void finished(Origin origin) {
    finished(origin.partition(), origin.offset());
  }

  /** A record that leads to nothing more. */
  void finished(int partition, long offset) {
    OffsetTracker offsets = offsets(partition);
    if (offsets != null) {
      offsets.finish(offset);
    }
  }

  void ready(TaskEnvelope envelope, Origin origin, Instant now) {
    Share share = shares.get(origin.partition());
    if (share == null) {
      return;
    }
    String id = envelope.getId();
    Seen seen = share.seen.get(id);
    if (seen != null) {
      again(envelope, origin, seen);
    } else if (room.holds(id) || share.cancelled.contains(id)) {
      share.offsets.finish(origin.offset());
    } else {
      arrive(new Waiting(envelope, RoutingRequest.of(envelope), origin, now), now);
    }
  }

  /** The attempt has its result: its agent has room, and nobody needs to make it again. */
  void result(int partition, String attempt) {
    Share share = shares.get(partition);
    if (share == null) {
      return;
    }
    close(share, attempt);
    drop(attempt);
  }

  void cancelled(int partition, String attempt) {
    Share share = shares.get(partition);
    if (share == null) {
      return;
    }
    share.cancelled.add(attempt);
    close(share, attempt);
    drop(attempt);
  }

  void register(AgentRegistration registration) {
    fleet.register(Agent.of(registration));
    regroup();
  }

  void remove(String agent) {
    fleet.remove(agent);
    regroup();
  }

  void report(AgentStatus status, Instant now) {
    boolean revived = fleet.report(status, settings.executorTimeout());
    room.agentChanged(status.getAgent());
    if (revived) {
      for (Fleet.Member member : fleet.members()) {
        if (member.agent().pool().equals(status.getPool())) {
          room.agentChanged(member.agent().id());
        }
      }
    }
    Instant cooldown = status.getCooldownUntil();
    if (cooldown != null && cooldown.isAfter(now)) {
      timers.set(cooldown, Kind.COOLDOWN_ENDS, status.getAgent(), 0);
    }
  }

  void forgetStatus(String agent, String executor) {
    fleet.forget(agent, executor);
    room.agentChanged(agent);
  }

  /** Gives waiting tasks what has become free since the last time. */
  void placeWaiting(Instant now) {
    for (Waiting task = room.next(); task != null; task = room.next()) {
      switch (decide(task.request(), now)) {
        case Assigned assigned -> {
          room.placed(task);
          noLongerWaits(task.id());
          assign(task, assigned, now);
        }
        case Unplaced unplaced -> {
          room.blocked(task);
          becauseOf(task.id(), unplaced.label());
        }
      }
    }
  }

  /** Fires what is due. */
  void tick(Instant now) {
    for (Due due = timers.poll(now); due != null; due = timers.poll(now)) {
      if (due.kind() == Kind.COOLDOWN_ENDS) {
        room.agentChanged(due.subject());
      } else {
        Waiting task = room.get(due.subject());
        if (task != null && task.origin().offset() == due.offset()) {
          overdue(task, due.kind(), now);
        }
      }
    }
    for (Share share : shares.values()) {
      share.seen.evict(now).forEach(seen -> release(seen.agent()));
    }
  }

  @Nullable Instant nextTimer() {
    return timers.next();
  }

  Decision explain(RoutingRequest request, Instant now) {
    return routing.choose(request, fleet, now);
  }

  private void arrive(Waiting task, Instant now) {
    Instant notAfter = task.envelope().getNotAfter();
    if (notAfter != null && !now.isBefore(notAfter)) {
      tell(task, true, expired(notAfter), List.of(), now);
      return;
    }
    switch (decide(task.request(), now)) {
      case Assigned assigned -> assign(task, assigned, now);
      case Unplaced unplaced -> {
        room.add(task, routing.eligible(task.request(), fleet));
        becauseOf(task.id(), unplaced.label());
        long offset = task.origin().offset();
        timers.set(now.plus(settings.reportUnplacedAfter()), Kind.REPORT, task.id(), offset);
        timers.set(now.plus(settings.parkAfter()), Kind.PARK, task.id(), offset);
        if (notAfter != null && notAfter.isBefore(now.plus(settings.parkAfter()))) {
          timers.set(notAfter, Kind.EXPIRE, task.id(), offset);
        }
      }
    }
  }

  private void overdue(Waiting task, Kind kind, Instant now) {
    switch (routing.choose(task.request(), fleet, now)) {
      case Assigned assigned -> {
        room.placed(task);
        noLongerWaits(task.id());
        assign(task, assigned, now);
      }
      case Unplaced unplaced -> {
        boolean parked = kind != Kind.REPORT;
        Instant notAfter = task.envelope().getNotAfter();
        String reason =
            kind == Kind.EXPIRE && notAfter != null ? expired(notAfter) : unplaced.reason();
        if (parked) {
          leave(task.id());
        }
        tell(task, parked, reason, unplaced.candidates(), now);
      }
    }
  }

  private static String expired(Instant notAfter) {
    return "nobody waits for the result after " + notAfter + ", and no agent could take it before";
  }

  private void tell(
      Waiting task, boolean parked, String reason, List<Candidate> candidates, Instant now) {
    TaskEnvelope envelope = task.envelope();
    String workflow = envelope.getContext().getWorkflowId();
    LOG.infof(
        "task not placed: workflowId=%s task=%s attempt=%s parked=%s reason=\"%s\"",
        workflow, envelope.getContext().getTask(), envelope.getId(), parked, reason);
    metrics.told(parked);
    outbox.unplaced(
        new TaskUnplaced(envelope.getId(), workflow, reason, parked, candidates, now),
        task.origin());
  }

  private Decision decide(RoutingRequest request, Instant now) {
    long began = System.nanoTime();
    Decision decision = routing.choose(request, fleet, now);
    metrics
        .decisionTime()
        .record(System.nanoTime() - began, java.util.concurrent.TimeUnit.NANOSECONDS);
    metrics.decided(decision instanceof Assigned);
    return decision;
  }

  private void assign(Waiting task, Assigned assigned, Instant now) {
    AgentRegistration agent = assigned.agent().registration();
    TaskAssignment assignment =
        new TaskAssignment(
            task.envelope(),
            agent.getId(),
            agent.getVersion(),
            agent.getPool(),
            now,
            assigned.candidates(),
            false,
            null);
    Share share = shares.get(task.origin().partition());
    if (share != null) {
      remember(share, task.id(), Seen.of(assignment));
    }
    LOG.debugf("task assigned: attempt=%s agent=%s", task.id(), agent.getId());
    outbox.assign(assignment, task.origin());
  }

  /** The same agent as before and no second charge; the executor knows what it has done. */
  private void again(TaskEnvelope envelope, Origin origin, Seen seen) {
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
            null),
        origin);
  }

  private void remember(Share share, String attempt, Seen seen) {
    if (share.seen.add(attempt, seen) && seen.open()) {
      fleet.assigned(seen.agent());
    }
  }

  private void close(Share share, String attempt) {
    Seen closed = share.seen.close(attempt);
    if (closed != null) {
      release(closed.agent());
    }
  }

  private void release(String agent) {
    fleet.released(agent);
    room.agentChanged(agent);
  }

  private void regroup() {
    room.regroup(request -> routing.eligible(request, fleet));
  }

  private void drop(String attempt) {
    Waiting task = leave(attempt);
    if (task != null) {
      finished(task.origin());
    }
  }

  private @Nullable Waiting leave(String attempt) {
    noLongerWaits(attempt);
    return room.remove(attempt);
  }

  private void becauseOf(String attempt, String reason) {
    String before = whyWaiting.put(attempt, reason);
    if (!reason.equals(before)) {
      metrics.waits(reason, 1);
      if (before != null) {
        metrics.waits(before, -1);
      }
    }
  }

  private void noLongerWaits(String attempt) {
    String reason = whyWaiting.remove(attempt);
    if (reason != null) {
      metrics.waits(reason, -1);
    }
  }

  /** What is known of one partition. */
  private static final class Share {
    final OffsetTracker offsets;
    final SeenAttempts seen;
    final Set<String> cancelled;

    Share(RouterSettings settings, long position) {
      offsets = new OffsetTracker(position);
      seen = new SeenAttempts(settings.seenPerPartition(), settings.seenAge());
      cancelled = new BoundedSet(settings.seenPerPartition());
    }
  }
}
