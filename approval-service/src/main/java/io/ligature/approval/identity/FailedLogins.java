package io.ligature.approval.identity;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts wrong passwords by the address they came from, within a span of time that begins with the
 * first. Of IPv6 addresses the network counts, since one computer has as many as it likes.
 */
final class FailedLogins {

  static final int MOST_ADDRESSES = 10_000;

  private final int most;
  private final Duration window;

  /** The oldest first. */
  private final Map<String, Count> counts = new LinkedHashMap<>();

  private record Count(Instant until, int failures) {}

  FailedLogins(int most, Duration window) {
    this.most = most;
    this.window = window;
  }

  /** How long passwords of that address are not looked at; empty: they are. */
  synchronized Optional<Duration> wait(String address, Instant now) {
    Count count = counts.get(network(address));
    return count != null && count.failures() >= most && now.isBefore(count.until())
        ? Optional.of(Duration.between(now, count.until()))
        : Optional.empty();
  }

  /**
   * @return true when this was the last that is borne
   */
  synchronized boolean failed(String address, Instant now) {
    forget(now);
    String network = network(address);
    Count before = counts.get(network);
    Count after =
        before == null
            ? new Count(now.plus(window), 1)
            : new Count(before.until(), before.failures() + 1);
    counts.put(network, after);
    return after.failures() == most;
  }

  synchronized int size() {
    return counts.size();
  }

  private void forget(Instant now) {
    Iterator<Count> oldest = counts.values().iterator();
    while (oldest.hasNext()) {
      boolean over = !now.isBefore(oldest.next().until());
      if (!over && counts.size() < MOST_ADDRESSES) {
        return;
      }
      oldest.remove();
    }
  }

  private static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
