package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Candidate;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Agent;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Retry;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.Ended;
import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Member;
import io.ligature.router.routing.Quota;
import io.ligature.router.routing.Routing;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.routing.Waiting;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.router.routing.WaitingRoom;
import io.ligature.router.stream.SeenAttempts.Seen;
import io.ligature.router.stream.Shares.Share;
import io.ligature.router.stream.Timers.Due;
import io.ligature.router.stream.Timers.Kind;
import io.ligature.schemas.Money;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Fleet fleet;
  private final WaitingRoom room;
  private final Timers timers = new Timers();
  private final Shares shares;
  private final Assigner assigner;
  private final Map<String, String> whyWaiting = new HashMap<>();

  Dispatcher(RouterSettings settings, Outbox outbox, RouterMetrics metrics) {
    this.settings = settings;
    this.routing = new Routing(settings.routing());
    this.outbox = outbox;
    this.metrics = metrics;
    this.fleet = new Fleet(settings.routing());
    this.room = new WaitingRoom(Money.of(settings.fairFloor()).micros());
    this.shares = new Shares(settings, fleet, this::freed);
    this.assigner = new Assigner(routing, fleet, shares, timers, outbox, metrics);
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
   * @param copies what the log says was sent for comparison, by {@link Shares#copy}
   */
  void take(int partition, long position, Map<String, Seen> assigned, Map<String, Seen> copies) {
    shares.take(partition, position, assigned, copies);
  }

  /** A partition is another router's. Its waiting tasks are still in the log. */
  void give(int partition) {
    if (shares.give(partition) == null) {
      return;
    }
    List<String> gone =
        room.tasks().stream()
            .filter(task -> task.origin().partition() == partition)
            .map(Waiting::id)
            .toList();
    gone.forEach(this::leave);
  }

  @Nullable OffsetTracker offsets(int partition) {
    Share share = shares.of(partition);
    return share == null ? null : share.offsets;
  }

  Shares shares() {
    return shares;
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
    Share share = shares.of(origin.partition());
    if (share == null) {
      return;
    }
    String id = envelope.getId();
    Seen seen = share.seen.get(id);
    if (seen != null) {
      assigner.again(envelope, origin, seen);
    } else if (room.holds(id) || share.cancelled.contains(id)) {
      share.offsets.finish(origin.offset());
    } else {
      arrive(new Waiting(envelope, RoutingRequest.of(envelope), origin, now), now);
    }
  }

  /** The attempt has its result: its agent has room, and nobody needs to make it again. */
  void result(int partition, Ended ended, Instant now) {
    Share share = shares.of(partition);
    if (share != null) {
      shares.ended(share, ended.attempt(), ended, now);
      drop(ended.attempt());
    }
  }

  /** A copy has its result. */
  void copyResult(int partition, Ended ended, Instant now) {
    Share share = shares.of(partition);
    if (share != null) {
      shares.ended(share, ended.attempt(), ended, now);
    }
  }

  void cancelled(int partition, String attempt) {
    Share share = shares.of(partition);
    if (share != null) {
      share.cancelled.add(attempt);
      shares.abandon(share, attempt);
      drop(attempt);
    }
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
    boolean revived = fleet.report(status, now);
    Member member = fleet.member(status.getAgent());
    if (member != null) {
      freed(member.quota());
    }
    if (revived) {
      for (Member each : fleet.members()) {
        if (each.agent().pool().equals(status.getPool())) {
          room.agentChanged(each.agent().id());
        }
      }
    }
  }

  void forgetStatus(String agent, String executor) {
    fleet.forget(agent, executor);
    Member member = fleet.member(agent);
    if (member != null) {
      freed(member.quota());
    }
  }

  /** Gives waiting tasks what has become free since the last time. */
  void placeWaiting(Instant now) {
    for (Waiting task = room.next(); task != null; task = room.next()) {
      switch (decide(task.request(), now)) {
        case Assigned assigned -> place(task, assigned, now);
        case Unplaced unplaced -> {
          room.blocked(task);
          waitOn(task, unplaced, now);
        }
      }
    }
  }

  /** Fires what is due. */
  void tick(Instant now) {
    for (Due due = timers.poll(now); due != null; due = timers.poll(now)) {
      switch (due.kind()) {
        case PAUSE_ENDS -> room.agentChanged(due.subject());
        case COPY_ENDS -> {
          Share share = shares.of((int) due.offset());
          if (share != null) {
            shares.abandon(share, due.subject());
          }
        }
        case REPORT, PARK, EXPIRE -> {
          Waiting task = room.get(due.subject());
          if (task != null && task.origin().offset() == due.offset()) {
            overdue(task, due.kind(), now);
          }
        }
      }
    }
    shares.evict(now);
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
      case Assigned assigned -> assigner.assign(task, assigned, now);
      case Unplaced unplaced -> {
        room.add(task, routing.eligible(task.request(), fleet));
        long offset = task.origin().offset();
        timers.set(now.plus(settings.reportUnplacedAfter()), Kind.REPORT, task.id(), offset);
        timers.set(now.plus(settings.parkAfter()), Kind.PARK, task.id(), offset);
        if (notAfter != null && notAfter.isBefore(latest(task))) {
          timers.set(notAfter, Kind.EXPIRE, task.id(), offset);
        }
        waitOn(task, unplaced, now);
      }
    }
  }

  private void place(Waiting task, Assigned assigned, Instant now) {
    room.placed(task, assigned.expectedCost());
    noLongerWaits(task.id());
    assigner.assign(task, assigned, now);
  }

  /** Until its time, or until a pause ends; not at all when the pauses are longer than its time. */
  private void waitOn(Waiting task, Unplaced unplaced, Instant now) {
    Retry retry = unplaced.retry();
    if (tooLate(task, unplaced)) {
      leave(task.id());
      tell(task, true, pauses(task, unplaced), unplaced.candidates(), now);
      return;
    }
    becauseOf(task.id(), unplaced.label());
    if (retry != null) {
      timers.setOnce(retry.at(), Kind.PAUSE_ENDS, retry.agent());
    }
  }

  private static boolean tooLate(Waiting task, Unplaced unplaced) {
    Instant notAfter = task.envelope().getNotAfter();
    Instant retryAt = unplaced.retryAt();
    return notAfter != null
        && retryAt != null
        && unplaced.onlyTime()
        && !retryAt.isBefore(notAfter);
  }

  private static String pauses(Waiting task, Unplaced unplaced) {
    return "nobody waits for the result after "
        + task.envelope().getNotAfter()
        + ", and every agent that could take it pauses until then: "
        + unplaced.reason();
  }

  /** A task is not kept beyond this instant, whatever it waits for. */
  private Instant latest(Waiting task) {
    return task.since().plus(settings.parkAfter().multipliedBy(2));
  }

  private void overdue(Waiting task, Kind kind, Instant now) {
    switch (routing.choose(task.request(), fleet, now)) {
      case Assigned assigned -> place(task, assigned, now);
      case Unplaced unplaced -> {
        Instant retryAt = unplaced.retryAt();
        boolean waitsForPause =
            kind == Kind.PARK
                && unplaced.onlyTime()
                && retryAt != null
                && retryAt.isAfter(now)
                && retryAt.isBefore(latest(task));
        if (waitsForPause && retryAt != null) {
          timers.set(
              retryAt.plus(settings.reportUnplacedAfter()),
              Kind.PARK,
              task.id(),
              task.origin().offset());
          return;
        }
        boolean parked = kind != Kind.REPORT || tooLate(task, unplaced);
        if (parked) {
          leave(task.id());
        }
        tell(task, parked, reason(task, kind, unplaced), unplaced.candidates(), now);
      }
    }
  }

  private static String reason(Waiting task, Kind kind, Unplaced unplaced) {
    Instant notAfter = task.envelope().getNotAfter();
    if (kind == Kind.EXPIRE && notAfter != null) {
      return expired(notAfter);
    }
    return tooLate(task, unplaced) ? pauses(task, unplaced) : unplaced.reason();
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

  /** A quota may have room. */
  void freed(Quota quota) {
    if (room.size() > 0) {
      for (Member member : quota.members()) {
        room.agentChanged(member.agent().id());
      }
    }
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
}
