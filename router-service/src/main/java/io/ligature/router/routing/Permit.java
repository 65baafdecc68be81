package io.ligature.router.routing;

import java.util.Locale;
import java.util.Optional;

/** What a quota limits. */
public enum Permit {
  /** Calls at once. */
  CALLS,
  /** Calls begun in any 60 seconds. */
  REQUESTS,
  /** Tokens of the calls begun in any 60 seconds. */
  TOKENS;

  /** The name on the wire and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty when this version does not know the name. */
  public static Optional<Permit> ofWireName(String name) {
    for (Permit permit : values()) {
      if (permit.wireName().equals(name)) {
        return Optional.of(permit);
      }
    }
    return Optional.empty();
  }
}
