package io.ligature.router.routing;

import io.ligature.avro.AgentStatus;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls from an agent that fails, and lets one through to see whether it still does.
 *
 * <p>Closed, it opens when the calls of the last minute are many enough and too many of them ended
 * badly. Open, it lets nothing through for a while. Then it is half open: one call goes through;
 * when that ends well the breaker closes, and when it ends badly it opens for twice as long. What
 * was counted before it closed is not counted again.
 */
final class Breaker {

  /** What the breaker does. */
  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final Pause pause = new Pause();
  private final Map<String, Counted> before = new HashMap<>();
  private boolean closed = true;
  private @Nullable String probe;

  private record Counted(long succeeded, long failed) {}

  State state(long now) {
    return closed ? State.CLOSED : pause.over(now) ? State.HALF_OPEN : State.OPEN;
  }

  /** True when one more call may go through. */
  boolean takesCall(long now) {
    return closed || (pause.over(now) && probe == null);
  }

  /** When it lets a call through again; {@link Quota#UNKNOWN} while its probe is in flight. */
  long takesCallAt() {
    return probe == null ? pause.until() : Quota.UNKNOWN;
  }

  boolean probing() {
    return probe != null;
  }

  /** A call goes through. */
  void called(String attempt) {
    if (!closed) {
      probe = attempt;
    }
  }

  /** Counts of living executors came in. */
  void counted(Iterable<AgentStatus> living, long now, RoutingSettings settings) {
    if (!closed) {
      return;
    }
    long calls = 0;
    long failures = 0;
    for (AgentStatus each : living) {
      Counted known = before.get(each.getExecutor());
      long succeeded = each.getSucceeded();
      long failed = each.getFailed();
      if (known == null || succeeded < known.succeeded || failed < known.failed) {
        // Its process is younger than that, and so are its counts.
        known = new Counted(0, 0);
        before.remove(each.getExecutor());
      }
      long newFailures = Math.min(each.getRecentFailures(), failed - known.failed);
      long newSuccesses =
          Math.min(each.getRecentCalls() - each.getRecentFailures(), succeeded - known.succeeded);
      calls += newFailures + newSuccesses;
      failures += newFailures;
    }
    if (calls >= settings.breakerCalls() && failures > settings.breakerFailures() * calls) {
      open(now, settings);
    }
  }

  /** The call has ended. */
  void ended(
      String attempt,
      boolean well,
      Iterable<AgentStatus> known,
      long now,
      RoutingSettings settings) {
    if (!attempt.equals(probe)) {
      return;
    }
    probe = null;
    if (!well) {
      open(now, settings);
      return;
    }
    closed = true;
    pause.wentWell();
    for (AgentStatus each : known) {
      before.put(each.getExecutor(), new Counted(each.getSucceeded(), each.getFailed()));
    }
  }

  /** The call told nothing about the agent: another one may try. */
  void abandoned(String attempt) {
    if (attempt.equals(probe)) {
      probe = null;
    }
  }

  private void open(long now, RoutingSettings settings) {
    closed = false;
    pause.begin(now, 0, settings.cooldown(), settings.longestCooldown());
  }
}
