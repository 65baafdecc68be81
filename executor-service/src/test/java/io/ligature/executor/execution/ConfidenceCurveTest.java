package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Calibration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceCurveTest {

  private static final Calibration CURVE =
      new Calibration(List.of(0.5, 0.8, 1.0), List.of(0.2, 0.5, 0.9), 100L);

  @ParameterizedTest
  @CsvSource({
    "0.0, 0.2",
    "0.5, 0.2",
    "0.65, 0.35",
    "0.8, 0.5",
    "0.9, 0.7",
    "1.0, 0.9",
    "0.500001, 0.200001"
  })
  void isLinearBetweenItsPointsAndFlatOutside(double claimed, double expected) {
    assertThat(ConfidenceCurve.correct(CURVE, claimed)).isCloseTo(expected, Offset.offset(1e-9));
  }

  @Test
  void isFlatAboveItsLastPoint() {
    Calibration low = new Calibration(List.of(0.1, 0.2), List.of(0.3, 0.4), 1L);

    assertThat(ConfidenceCurve.correct(low, 0.9)).isEqualTo(0.4);
  }

  @Test
  void isConstantWithOnePoint() {
    Calibration point = new Calibration(List.of(0.5), List.of(0.3), 1L);

    assertThat(ConfidenceCurve.correct(point, 0.1)).isEqualTo(0.3);
    assertThat(ConfidenceCurve.correct(point, 0.5)).isEqualTo(0.3);
    assertThat(ConfidenceCurve.correct(point, 0.9)).isEqualTo(0.3);
  }

  @Test
  void takesTheLowerOneWhereItJumps() {
    Calibration jump = new Calibration(List.of(0.5, 0.5, 0.6), List.of(0.1, 0.7, 0.8), 1L);

    assertThat(ConfidenceCurve.correct(jump, 0.5)).isEqualTo(0.1);
    assertThat(ConfidenceCurve.correct(jump, 0.55)).isCloseTo(0.75, Offset.offset(1e-9));
  }

  @Test
  void correctsNothingWithoutACurveAPointOrAClaim() {
    assertThat(ConfidenceCurve.correct(null, 0.5)).isNull();
    assertThat(ConfidenceCurve.correct(CURVE, null)).isNull();
    assertThat(ConfidenceCurve.correct(new Calibration(List.of(), List.of(), 0L), 0.5)).isNull();
  }

  @Test
  void staysBetween0And1() {
    Calibration odd = new Calibration(List.of(0.0, 1.0), List.of(-1.0, 2.0), 1L);

    assertThat(ConfidenceCurve.correct(odd, 0.0)).isEqualTo(0.0);
    assertThat(ConfidenceCurve.correct(odd, 1.0)).isEqualTo(1.0);
  }
}
