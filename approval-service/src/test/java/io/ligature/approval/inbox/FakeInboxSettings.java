package io.ligature.approval.inbox;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Settings of the page by key. */
final class FakeInboxSettings {

  static final InboxSettings DEFAULTS = of(Map.of());

  private FakeInboxSettings() {}

  /** Keys without their common prefix. */
  static InboxSettings of(Map<String, String> values) {
    Map<String, String> prefixed = new HashMap<>();
    values.forEach((key, value) -> prefixed.put("ligature.approval.inbox." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(InboxSettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(InboxSettings.class);
  }
}
