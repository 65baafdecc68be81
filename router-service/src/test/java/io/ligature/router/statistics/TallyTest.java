package io.ligature.router.statistics;

import static io.ligature.router.statistics.Events.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ligature.avro.Calibration;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {

  private static final HalfLife DAY = new HalfLife(Duration.ofDays(1));

  private final Tally tally = new Tally(DAY);

  @ParameterizedTest
  @CsvSource({"0, 1", "12, 0.70710678", "24, 0.5", "72, 0.125", "240, 0.00097656", "-24, 2"})
  void fadesByHalfInEachHalfLife(long hours, double left) {
    tally.count(Count.ACCEPTED, NOW);

    assertThat(tally.at(NOW.plus(Duration.ofHours(hours))).count(Count.ACCEPTED))
        .isEqualTo(left, within(1e-7));
  }

  @Test
  void doesNotMindTheOrderOfThings() {
    Instant later = NOW.plus(Duration.ofHours(100));
    tally.count(Count.ACCEPTED, later);
    tally.count(Count.ACCEPTED, NOW);

    assertThat(tally.at(later).count(Count.ACCEPTED))
        .isEqualTo(1 + Math.pow(2, -100 / 24.0), within(1e-12));
  }

  @Test
  void isNothingAfterAVeryLongTime() {
    tally.count(Count.ACCEPTED, Instant.EPOCH);

    assertThat(tally.at(NOW).count(Count.ACCEPTED)).isZero();
  }

  @Test
  void goesOnWithAnotherHalfLife() {
    tally.count(Count.ACCEPTED, NOW);
    HalfLife hours = new HalfLife(Duration.ofHours(5));
    Tally read = Tally.of(tally.toRecord("a", "c", 0, 1), hours);
    Instant epoch = Instant.ofEpochMilli(DAY.epochOf(NOW) * DAY.millis());

    assertThat(read.at(epoch).count(Count.ACCEPTED))
        .isEqualTo(tally.at(epoch).count(Count.ACCEPTED), within(1e-9));
    assertThat(read.at(epoch.plus(Duration.ofHours(5))).count(Count.ACCEPTED))
        .isEqualTo(tally.at(epoch).count(Count.ACCEPTED) / 2, within(1e-9));
  }

  @Test
  void refusesAHalfLifeOfNothing() {
    assertThatThrownBy(() -> new HalfLife(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.router.statistics.half-life:");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tellsQuantilesWithinFivePercent(long seed) {
    Random random = new Random(seed);
    Histogram histogram = new Histogram();
    double[] values = new double[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(random.nextGaussian() * 2 + 6);
      histogram.add(values[i], 1);
    }
    Arrays.sort(values);

    for (double share : new double[] {0.1, 0.5, 0.9, 0.99}) {
      double exact = values[(int) Math.ceil(share * values.length) - 1];
      assertThat(histogram.quantile(share).getAsDouble())
          .as("seed %d, quantile %s", seed, share)
          .isCloseTo(exact, within(exact * 0.05));
    }
  }

  @Test
  void tellsNoQuantileOfNothingAndZeroOfZeros() {
    Histogram histogram = new Histogram();
    assertThat(histogram.quantile(0.5)).isEmpty();

    histogram.add(0, 1);
    histogram.add(Double.MAX_VALUE, 1);

    assertThat(histogram.quantile(0.5)).hasValue(0);
    assertThat(histogram.quantile(1).getAsDouble()).isGreaterThan(1e16);
  }

  @Test
  void givesNoCurveBeforeThereAreEnoughVerdicts() {
    for (int i = 0; i < 29; i++) {
      tally.verdict(0.9, true, NOW);
    }

    assertThat(tally.at(NOW).reliability().calibration(29.5)).isEmpty();
    assertThat(tally.at(NOW).reliability().calibration(28.5)).isPresent();
    assertThat(tally.at(NOW.plus(Duration.ofHours(2))).reliability().calibration(28.5)).isEmpty();
  }

  @Test
  void lowersWhatIsClaimedTooHigh() {
    verdicts(0.95, 20, 20);
    verdicts(0.55, 10, 10);

    Calibration curve = tally.at(NOW).reliability().calibration(30).orElseThrow();

    assertThat(curve.getClaimed().get(0)).isEqualTo(0.55, within(1e-9));
    assertThat(curve.getClaimed().get(1)).isEqualTo(0.95, within(1e-9));
    assertThat(curve.getObserved().get(0)).isEqualTo((10 + 2 * 0.55) / 22, within(1e-9));
    assertThat(curve.getObserved().get(1)).isEqualTo((20 + 2 * 0.95) / 42, within(1e-9));
    assertThat(curve.getVerdicts()).isEqualTo(60);
  }

  @Test
  void poolsBinsThatWouldFall() {
    verdicts(0.25, 2, 8);
    verdicts(0.65, 9, 1);
    verdicts(0.85, 5, 5);
    verdicts(0.95, 2, 8);

    List<Double> observed = tally.at(NOW).reliability().calibration(30).orElseThrow().getObserved();

    double pooled = (9 + 5 + 2 + 2 * (0.65 + 0.85 + 0.95)) / 36;
    assertThat(observed.get(0)).isLessThan(pooled);
    assertThat(observed.subList(1, 4))
        .allSatisfy(each -> assertThat(each).isCloseTo(pooled, within(1e-9)));
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 7})
  void neverFallsWhateverTheVerdicts(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      tally.verdict(
          random.nextDouble(), random.nextInt(4) > 0, NOW.plusSeconds(random.nextInt(99_999)));
    }

    Calibration curve = tally.at(NOW).reliability().calibration(30).orElseThrow();

    assertThat(curve.getClaimed()).as("seed %d", seed).isSorted();
    assertThat(curve.getObserved()).as("seed %d", seed).isSorted().allMatch(p -> p >= 0 && p <= 1);
  }

  @Test
  void measuresHowFarClaimsAreOff() {
    verdicts(0.95, 1, 1);

    Reliability reliability = tally.at(NOW).reliability();

    assertThat(reliability.brierScore()).isEqualTo((0.05 * 0.05 + 0.95 * 0.95) / 2, within(1e-9));
    assertThat(reliability.calibrationError()).isEqualTo(0.45, within(1e-9));
    assertThat(new Tally(DAY).at(NOW).reliability().brierScore()).isNull();
    assertThat(new Tally(DAY).at(NOW).reliability().calibrationError()).isNull();
  }

  private void verdicts(double claimed, int good, int bad) {
    for (int i = 0; i < good + bad; i++) {
      tally.verdict(claimed, i < good, NOW);
    }
  }
}
