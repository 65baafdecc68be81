package io.ligature.approval.stream;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

final class Settings {

  private Settings() {}

  /** Keys without their common prefix. */
  static ApprovalSettings of(Map<String, String> values) {
    Map<String, String> prefixed = new HashMap<>();
    values.forEach((key, value) -> prefixed.put("ligature.approval." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(ApprovalSettings.class)
        .withConverter(
            java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .addDefaultInterceptors()
        .withSources(new io.smallrye.config.PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(ApprovalSettings.class);
  }
}
