package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifySettingsTest {

  @Test
  void takesEveryKey() {
    NotifySettings settings =
        of(
            Map.ofEntries(
                Map.entry("attempts", "2"),
                Map.entry("backoff", "3s"),
                Map.entry("timeout", "4s"),
                Map.entry("max-age", "5h"),
                Map.entry("webhook.url", "http://localhost/hook"),
                Map.entry("webhook.secret", "s"),
                Map.entry("webhook.kinds", "decided"),
                Map.entry("mail.to.editor", "a@example.com,b@example.com"),
                Map.entry("mail.kinds", "escalated"),
                Map.entry("mail.link", "http://localhost/inbox/")));

    settings.check();
    assertThat(settings.attempts()).isEqualTo(2);
    assertThat(settings.backoff()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.maxAge()).isEqualTo(Duration.ofHours(5));
    assertThat(settings.webhook().url()).contains(URI.create("http://localhost/hook"));
    assertThat(settings.webhook().secret()).contains("s");
    assertThat(settings.webhook().kinds()).isEqualTo(Set.of("decided"));
    assertThat(settings.mail().to())
        .isEqualTo(Map.of("editor", List.of("a@example.com", "b@example.com")));
    assertThat(settings.mail().kinds()).isEqualTo(Set.of("escalated"));
    assertThat(settings.mail().link()).isEqualTo("http://localhost/inbox/");
  }

  @Test
  void startsWithItsDefaultsAndTellsNobody() {
    NotifySettings settings = of(Map.of());

    settings.check();
    assertThat(settings.webhook().url()).isEmpty();
    assertThat(settings.mail().to()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "attempts, 0, attempts",
    "attempts, 11, attempts",
    "backoff, 0s, backoff",
    "backoff, 31s, backoff",
    "timeout, 0s, timeout",
    "timeout, 61s, timeout",
    "max-age, 0s, max-age",
    "webhook.url, http://localhost/, webhook.secret",
    "webhook.url, ftp://localhost/, webhook.url",
    "webhook.url, file:///etc/passwd, webhook.url",
    "webhook.url, http:///hook, webhook.url",
    "webhook.url, hook, webhook.url",
    "webhook.url, http://eve:pw@localhost/, webhook.url",
    "webhook.url, http://localhost/#x, webhook.url",
    "mail.link, javascript:alert(1), mail.link",
    "mail.to.editor, eve, mail.to.\"editor\"",
    "mail.to.editor, Eve <eve@example.com>, mail.to.\"editor\"",
    "webhook.kinds, lost, webhook.kinds",
    "mail.kinds, lost, mail.kinds",
  })
  void namesTheKeyThatCannotBe(String key, String value, String named) {
    NotifySettings settings = of(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval.notify." + named + ": ");
  }

  @Test
  void letsNoNotificationTakeSoLongThatItsReaderLosesItsPlace() {
    of(Map.of("attempts", "8", "backoff", "15s")).check();
    NotifySettings longer = of(Map.of("attempts", "8", "backoff", "30s"));

    assertThatThrownBy(longer::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval.notify.attempts: ")
        .hasMessageContaining("more than PT45M");
  }

  @Test
  void takesNoEmptySecret() {
    NotifySettings settings = of(Map.of("webhook.url", "http://localhost/", "webhook.secret", " "));

    assertThatThrownBy(settings::check)
        .hasMessageStartingWith("ligature.approval.notify.webhook.secret: ");
  }

  private static NotifySettings of(Map<String, String> values) {
    Map<String, String> prefixed = new HashMap<>();
    values.forEach((key, value) -> prefixed.put("ligature.approval.notify." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(NotifySettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(NotifySettings.class);
  }
}
