package io.ligature.executor.execution;

import io.ligature.avro.Calibration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Corrects a claimed confidence: linear between the points of its curve, flat outside of them. */
final class ConfidenceCurve {

  private ConfidenceCurve() {}

  /** Null when there is no curve or no claim. */
  static @Nullable Double correct(@Nullable Calibration curve, @Nullable Double claim) {
    if (curve == null || claim == null) {
      return null;
    }
    List<Double> claimed = curve.getClaimed();
    List<Double> observed = curve.getObserved();
    int points = Math.min(claimed.size(), observed.size());
    if (points == 0) {
      return null;
    }
    int above = 0;
    while (above < points && claimed.get(above) < claim) {
      above++;
    }
    if (above == 0) {
      return bounded(observed.getFirst());
    }
    if (above == points) {
      return bounded(observed.get(points - 1));
    }
    double from = claimed.get(above - 1);
    double share = (claim - from) / (claimed.get(above) - from);
    double low = observed.get(above - 1);
    return bounded(low + share * (observed.get(above) - low));
  }

  private static double bounded(double confidence) {
    return Math.clamp(confidence, 0.0, 1.0);
  }
}
