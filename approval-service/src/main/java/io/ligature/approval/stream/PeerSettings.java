package io.ligature.approval.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How instances of this service ask each other; {@code docs/reviews.md} explains the settings. */
@ConfigMapping(prefix = "ligature.approval.peers")
public interface PeerSettings {

  int SHORTEST_SECRET = 16;

  /** The same on all instances. None: they do not ask each other. */
  Optional<String> secret();

  /** How long an instance may take to answer another. */
  @WithDefault("2s")
  Duration timeout();

  /** How far the clocks of two instances may be apart; a question that is older is refused. */
  @WithDefault("30s")
  Duration maxSkew();

  /**
   * Refuses what cannot work.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (secret().filter(secret -> secret.length() < SHORTEST_SECRET).isPresent()) {
      throw new IllegalArgumentException(
          "ligature.approval.peers.secret: give " + SHORTEST_SECRET + " characters or more");
    }
    if (!timeout().isPositive() || timeout().compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.peers.timeout: give more than 0, at most 1m");
    }
    if (!maxSkew().isPositive() || maxSkew().compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.peers.max-skew: give more than 0, at most 10m");
    }
  }
}
