package io.ligature.executor.stream;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The executor's settings from their defaults and what a test says. */
final class Settings {

  private Settings() {}

  /** Names without their prefix. */
  static ExecutorSettings of(Map<String, String> said) {
    Map<String, String> properties = new HashMap<>();
    said.forEach((name, value) -> properties.put("ligature.executor." + name, value));
    return new SmallRyeConfigBuilder()
        .withMapping(ExecutorSettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(ExecutorSettings.class);
  }
}
