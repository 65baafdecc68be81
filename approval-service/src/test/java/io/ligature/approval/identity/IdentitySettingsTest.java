package io.ligature.approval.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitySettingsTest {

  @Test
  void takesEveryKey() {
    IdentitySettings settings =
        of(
            Map.of(
                "tenant-claim", "org",
                "sensitive-role", "trusted",
                "secret-names", "pin,tan",
                "max-failed-logins", "3",
                "failed-logins-window", "2m",
                "local-users-beside-tokens", "true"));

    settings.check();
    assertThat(settings.tenantClaim()).contains("org");
    assertThat(settings.sensitiveRole()).isEqualTo("trusted");
    assertThat(settings.secretNames()).isEqualTo(List.of("pin", "tan"));
    assertThat(settings.maxFailedLogins()).isEqualTo(3);
    assertThat(settings.failedLoginsWindow()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.localUsersBesideTokens()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "max-failed-logins, 0",
    "failed-logins-window, 0s",
    "failed-logins-window, 25h",
    "sensitive-role, ' '",
    "sensitive-role, tenant:acme",
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    IdentitySettings settings = of(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval.identity." + key + ": ");
  }

  @Test
  void wantsToKnowForWhomTokensAreMade() {
    SmallRyeConfig config = config(Map.of("quarkus.oidc.tenant-enabled", "true"));

    assertThatThrownBy(() -> SafeStart.check(config, false))
        .hasMessageStartingWith("quarkus.oidc.token.audience: ");
  }

  @Test
  void takesNoTokensOfJustAnyIssuer() {
    SmallRyeConfig config =
        config(
            Map.of(
                "quarkus.oidc.tenant-enabled", "true",
                "quarkus.oidc.token.audience", "ligature",
                "quarkus.oidc.token.issuer", "any"));

    assertThatThrownBy(() -> SafeStart.check(config, false))
        .hasMessageStartingWith("quarkus.oidc.token.issuer: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quarkus.security.users.embedded.users.eve",
        "QUARKUS_SECURITY_USERS_EMBEDDED_USERS_EVE"
      })
  void keepsLocalUsersOutWhereTokensAreOn(String key) {
    Map<String, String> tokens =
        Map.of(
            "quarkus.oidc.tenant-enabled", "true", "quarkus.oidc.token.audience", "a", key, "pw");

    assertThatThrownBy(() -> SafeStart.check(config(tokens), false))
        .hasMessage(
            "quarkus.security.users.embedded.users.eve: tokens are on, so remove the local users,"
                + " or say that both are meant with"
                + " ligature.approval.identity.local-users-beside-tokens=true");
    assertThatCode(() -> SafeStart.check(config(tokens), true)).doesNotThrowAnyException();
    assertThatCode(() -> SafeStart.check(config(Map.of(key, "pw")), false))
        .doesNotThrowAnyException();
  }

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }

  private static IdentitySettings of(Map<String, String> values) {
    Map<String, String> prefixed = new HashMap<>();
    values.forEach((key, value) -> prefixed.put("ligature.approval.identity." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(IdentitySettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(prefixed, "test", 100))
        .build()
        .getConfigMapping(IdentitySettings.class);
  }
}
