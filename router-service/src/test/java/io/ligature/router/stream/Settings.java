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
    Map<String, String> properties = new HashMap<>();
    said.forEach((name, value) -> properties.put("ligature.router." + name, value));
    return new SmallRyeConfigBuilder()
        .withMapping(RouterSettings.class)
        .withConverter(
            java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(RouterSettings.class);
  }
}
