package io.ligature.router.routing;

import io.ligature.avro.AgentStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one agent does, as its executors report it. It is known before the agent is registered and
 * outlives its registration.
 */
final class Health {

  private static final int EXECUTORS_PER_AGENT = 64;
  private static final long STATUS_KEPT = 3_600_000;

  private final Map<String, Report> byExecutor = new TreeMap<>();
  private final Pause pause = new Pause();
  private final Breaker breaker = new Breaker();
  private Report[] reports = {};
  private long succeeded;
  private long failed;
  private long latency = -1;
  private int version;

  void report(AgentStatus status, long now, RoutingSettings settings) {
    byExecutor.put(status.getExecutor(), new Report(status));
    forgetOld(now - STATUS_KEPT);
    Instant cooldown = status.getCooldownUntil();
    if (cooldown != null) {
      pause.atLeastUntil(cooldown.toEpochMilli());
    }
    count();
    breaker.counted(living(now - settings.executorTimeout().toMillis()), now, settings);
  }

  /** False when the executor had never reported it. */
  boolean forget(String executor) {
    boolean known = byExecutor.remove(executor) != null;
    count();
    return known;
  }

  /** Its executor has ended a call of it, maybe since its last report. */
  void ended(String executor, long at) {
    Report report = byExecutor.get(executor);
    if (report != null && at >= report.heartbeat && report.inFlight > 0) {
      report.inFlight--;
    }
  }

  boolean unknown() {
    return byExecutor.isEmpty();
  }

  Pause pause() {
    return pause;
  }

  Breaker breaker() {
    return breaker;
  }

  /** Of all executors, dead ones too. */
  List<AgentStatus> reports() {
    return living(Long.MIN_VALUE);
  }

  /** Changes with every report. */
  int version() {
    return version;
  }

  long succeeded() {
    return succeeded;
  }

  long failed() {
    return failed;
  }

  /** Mean milliseconds of the last calls; negative: none was measured. */
  long latency() {
    return latency;
  }

  /** Calls in flight in living executors: a dead one calls nobody. */
  int inFlight(long aliveSince) {
    int sum = 0;
    for (Report report : reports) {
      if (report.heartbeat >= aliveSince) {
        sum += report.inFlight;
      }
    }
    return sum;
  }

  /** The last millisecond at which all executors that live at this time still do. */
  long aliveUntil(long aliveSince, long timeout) {
    long until = Long.MAX_VALUE;
    for (Report report : reports) {
      if (report.heartbeat >= aliveSince) {
        until = Math.min(until, report.heartbeat + timeout);
      }
    }
    return until;
  }

  private List<AgentStatus> living(long aliveSince) {
    List<AgentStatus> living = new ArrayList<>();
    for (Report report : reports) {
      if (report.heartbeat >= aliveSince) {
        living.add(report.status);
      }
    }
    return living;
  }

  private void forgetOld(long since) {
    byExecutor.values().removeIf(each -> each.heartbeat < since);
    while (byExecutor.size() > EXECUTORS_PER_AGENT) {
      byExecutor.values().stream()
          .min(Comparator.comparingLong(each -> each.heartbeat))
          .ifPresent(oldest -> byExecutor.remove(oldest.status.getExecutor()));
    }
  }

  private void count() {
    version++;
    reports = byExecutor.values().toArray(Report[]::new);
    succeeded = 0;
    failed = 0;
    long latencies = 0;
    int measured = 0;
    for (Report report : reports) {
      succeeded += report.status.getSucceeded();
      failed += report.status.getFailed();
      Long recent = report.status.getRecentLatency();
      if (recent != null) {
        latencies += recent;
        measured++;
      }
    }
    latency = measured == 0 ? -1 : latencies / measured;
  }

  private static final class Report {
    final AgentStatus status;
    final long heartbeat;
    int inFlight;

    Report(AgentStatus status) {
      this.status = status;
      this.heartbeat = status.getHeartbeatAt().toEpochMilli();
      this.inFlight = status.getInFlight();
    }
  }
}
