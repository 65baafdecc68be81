package io.ligature.router.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsSettingsTest {

  @Test
  void takesEveryKey() {
    StatisticsSettings settings =
        Settings.statistics(
            Map.of(
                "half-life", "2h",
                "publish-interval", "3s",
                "refresh-interval", "4s",
                "max-tracked", "5",
                "max-open", "6",
                "look-back", "7",
                "max-metrics", "8"));

    settings.check();
    assertThat(settings.halfLife()).isEqualTo(Duration.ofHours(2));
    assertThat(settings.publishInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.refreshInterval()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.maxTracked()).isEqualTo(5);
    assertThat(settings.maxOpen()).isEqualTo(6);
    assertThat(settings.lookBack()).isEqualTo(7);
    assertThat(settings.maxMetrics()).isEqualTo(8);
    CalibrationSettings calibration =
        Settings.calibration(Map.of("enabled", "true", "min-verdicts", "9"));
    calibration.check();
    assertThat(calibration.enabled()).isTrue();
    assertThat(calibration.minVerdicts()).isEqualTo(9);
  }

  @Test
  void startsWithItsDefaults() {
    StatisticsSettings settings = Settings.statistics(Map.of());

    settings.check();
    assertThat(settings.halfLife()).isEqualTo(Duration.ofDays(1));
    assertThat(Settings.calibration(Map.of()).enabled()).isFalse();
    assertThat(Settings.calibration(Map.of()).minVerdicts()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({
    "half-life,0s",
    "publish-interval,0s",
    "refresh-interval,0s",
    "max-tracked,0",
    "max-open,0",
    "look-back,-1",
    "max-metrics,-1"
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    StatisticsSettings settings = Settings.statistics(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.router.statistics." + key + ":");
  }

  @Test
  void wantsAtLeastOneVerdict() {
    CalibrationSettings settings = Settings.calibration(Map.of("min-verdicts", "0"));

    assertThatThrownBy(settings::check)
        .hasMessageStartingWith("ligature.router.calibration.min-verdicts:");
  }
}
