package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.router.routing.Member;
import io.ligature.router.routing.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some agents by id.
 *
 * @param next id to go on behind; null: no more
 */
public record AgentPage(List<Entry> agents, @Nullable String next) {

  /** An agent and how it does now. */
  public record Entry(
      AgentRegistration registration,
      int inFlight,
      int outstanding,
      boolean alive,
      @Nullable Instant heartbeatAt,
      @Nullable Instant cooldownUntil,
      @Nullable Duration latency,
      long succeeded,
      long failed,
      double acceptance) {

    static Entry of(Member member, RoutingSettings settings, Instant now) {
      return new Entry(
          member.agent().registration(),
          member.inFlight(now, settings),
          member.outstanding(),
          member.alive(now, settings),
          member.heartbeat(),
          member.cooldownUntil(),
          member.latency(),
          member.succeeded(),
          member.failed(),
          member.acceptance(settings));
    }
  }

  static AgentPage of(Dispatcher dispatcher, Instant now, @Nullable String after, int limit) {
    List<Entry> entries = new ArrayList<>();
    String last = null;
    for (Member member : dispatcher.fleet().members()) {
      String id = member.agent().id();
      if (after != null && id.compareTo(after) <= 0) {
        continue;
      }
      if (entries.size() == limit) {
        return new AgentPage(entries, last);
      }
      entries.add(Entry.of(member, dispatcher.routing().settings(), now));
      last = id;
    }
    return new AgentPage(entries, null);
  }
}
