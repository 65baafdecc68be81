package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxSettingsTest {

  @Test
  void takesEveryKey() {
    InboxSettings settings =
        FakeInboxSettings.of(
            Map.of(
                "max-shown",
                "1",
                "max-text",
                "2",
                "max-fields",
                "3",
                "max-changes",
                "4",
                "refresh",
                "2s",
                "idle",
                "1m"));

    settings.check();
    assertThat(settings.maxShown()).isEqualTo(1);
    assertThat(settings.maxText()).isEqualTo(2);
    assertThat(settings.maxFields()).isEqualTo(3);
    assertThat(settings.maxChanges()).isEqualTo(4);
    assertThat(settings.refresh()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.idle()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void startsWithItsDefaults() {
    FakeInboxSettings.DEFAULTS.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-shown", "max-text", "max-fields", "max-changes", "refresh", "idle"})
  void namesTheKeyThatCannotBe(String key) {
    InboxSettings settings = FakeInboxSettings.of(Map.of(key, "0"));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval.inbox." + key + ": ");
  }
}
