package io.ligature.router.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of what agents' confidences are taken for; {@code docs/routing.md} explains them. */
@ConfigMapping(prefix = "ligature.router.calibration")
public interface CalibrationSettings {

  /** Whether claimed confidences are corrected before they are compared with a threshold. */
  @WithDefault("false")
  boolean enabled();

  /** Verdicts on an agent at a capability, as they count now, that a correction needs. */
  @WithDefault("30")
  int minVerdicts();

  /**
   * Refuses what cannot be.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (minVerdicts() < 1) {
      throw new IllegalArgumentException(
          "ligature.router.calibration.min-verdicts: give 1 or more");
    }
  }
}
