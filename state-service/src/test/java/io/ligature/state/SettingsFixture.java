package io.ligature.state;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings as the running service would read them from these properties. */
public final class SettingsFixture {

  private SettingsFixture() {}

  public static StateSettings of(Map<String, String> properties) {
    return of(new PropertiesConfigSource(properties, "test", 100));
  }

  static StateSettings of(ConfigSource source) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(StateSettings.class)
            .withConverter(MemorySize.class, 200, new MemorySizeConverter())
            .withConverter(Duration.class, 200, new DurationConverter())
            .withSources(source)
            .build();
    return config.getConfigMapping(StateSettings.class);
  }
}
