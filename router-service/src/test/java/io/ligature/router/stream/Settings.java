package io.ligature.router.stream;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** The router's settings from their defaults and what a test says. */
final class Settings {

  private Settings() {}

  /** Names without their prefix. */
  static RouterSettings of(Map<String, String> said) {
    return of(RouterSettings.class, "ligature.router.", said);
  }

  static StatisticsSettings statistics(Map<String, String> said) {
    return of(StatisticsSettings.class, "ligature.router.statistics.", said);
  }

  static CalibrationSettings calibration(Map<String, String> said) {
    return of(CalibrationSettings.class, "ligature.router.calibration.", said);
  }

  static AssignmentsSettings assignments(Map<String, String> said) {
    return of(AssignmentsSettings.class, "ligature.router.assignments.", said);
  }

  private static <T> T of(Class<T> mapping, String prefix, Map<String, String> said) {
    Map<String, String> properties = new HashMap<>();
    said.forEach((name, value) -> properties.put(prefix + name, value));
    return new SmallRyeConfigBuilder()
        .withMapping(mapping)
        .withConverter(
            java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(mapping);
  }
}
