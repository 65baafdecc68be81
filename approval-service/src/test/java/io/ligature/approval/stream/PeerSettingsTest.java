package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerSettingsTest {

  @Test
  void takesEveryKey() {
    PeerSettings settings =
        settings(Map.of("secret", "0123456789abcdef", "timeout", "3s", "max-skew", "4s"));

    settings.check();
    assertThat(settings.secret()).contains("0123456789abcdef");
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.maxSkew()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void startsWithoutASecret() {
    PeerSettings settings = settings(Map.of());

    settings.check();
    assertThat(settings.secret()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "secret, 0123456789abcde",
    "timeout, 0s",
    "timeout, 61s",
    "max-skew, 0s",
    "max-skew, 601s"
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    PeerSettings settings = settings(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval.peers." + key + ": ");
  }

  static PeerSettings settings(Map<String, String> values) {
    Map<String, String> prefixed =
        values.entrySet().stream()
            .collect(
                Collectors.toMap(
                    each -> "ligature.approval.peers." + each.getKey(), Map.Entry::getValue));
    return new SmallRyeConfigBuilder()
        .withMapping(PeerSettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(PeerSettings.class);
  }
}
