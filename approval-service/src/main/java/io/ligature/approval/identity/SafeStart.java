package io.ligature.approval.identity;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.Config;

/** Refuses to start with settings that would let the wrong people in. */
@ApplicationScoped
class SafeStart {

  private static final String USERS = "quarkus.security.users.embedded.users.";

  private final IdentitySettings settings;
  private final Config config;

  SafeStart(IdentitySettings settings, Config config) {
    this.settings = settings;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    settings.check();
    check(config, settings.localUsersBesideTokens());
  }

  /**
   * @throws IllegalArgumentException that names the key
   */
  static void check(Config config, boolean localUsersBesideTokens) {
    if (!isOn(config, "quarkus.oidc.tenant-enabled")) {
      return;
    }
    // A token that was made for another service says nothing about who may decide here.
    if (config.getOptionalValues("quarkus.oidc.token.audience", String.class).isEmpty()) {
      throw new IllegalArgumentException(
          "quarkus.oidc.token.audience: name the audience that tokens for this service have");
    }
    if (config
        .getOptionalValue("quarkus.oidc.token.issuer", String.class)
        .orElse("")
        .equals("any")) {
      throw new IllegalArgumentException(
          "quarkus.oidc.token.issuer: 'any' lets in whoever signs tokens; name the issuer");
    }
    List<String> users = users(config);
    if (!users.isEmpty() && !localUsersBesideTokens) {
      throw new IllegalArgumentException(
          USERS
              + users.getFirst()
              + ": tokens are on, so remove the local users, or say that both are meant with"
              + " ligature.approval.identity.local-users-beside-tokens=true");
    }
  }

  private static boolean isOn(Config config, String key) {
    return config.getOptionalValue(key, Boolean.class).orElse(false);
  }

  /** Settings from the environment have other signs between their words. */
  private static List<String> users(Config config) {
    List<String> users = new ArrayList<>();
    for (String key : config.getPropertyNames()) {
      String plain = key.toLowerCase(Locale.ROOT).replace('_', '.');
      if (plain.startsWith(USERS)) {
        users.add(plain.substring(USERS.length()));
      }
    }
    return users.stream().sorted().toList();
  }
}
