package io.ligature.approval.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who people are and what they may see; {@code docs/reviews.md} explains the settings. */
@ConfigMapping(prefix = "ligature.approval.identity")
public interface IdentitySettings {

  /**
   * Claim of a token that names the tenant. Without this setting all tokens are of the tenant
   * {@code default}; with it, a token that lacks the claim is of none and sees nothing.
   */
  Optional<String> tenantClaim();

  /** Role that sees fields marked as sensitive, and secrets. */
  @WithDefault("sensitive")
  String sensitiveRole();

  /** Names of members that hold secrets wherever they stand; case, - and _ do not matter. */
  @WithDefault("password,passwd,secret,clientSecret,token,accessToken,apiKey,privateKey,credential")
  List<String> secretNames();

  /** Wrong passwords of one address before none of it is looked at for the rest of the window. */
  @WithDefault("30")
  int maxFailedLogins();

  /** Begins with the first wrong password. */
  @WithDefault("1m")
  Duration failedLoginsWindow();

  /** Tokens and local users at once: for tests, and for moving from one to the other. */
  @WithDefault("false")
  boolean localUsersBesideTokens();

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (maxFailedLogins() < 1) {
      throw new IllegalArgumentException(
          "ligature.approval.identity.max-failed-logins: give 1 or more");
    }
    if (!failedLoginsWindow().isPositive()
        || failedLoginsWindow().compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "ligature.approval.identity.failed-logins-window: give more than 0, at most 1d");
    }
    if (sensitiveRole().isBlank() || sensitiveRole().startsWith(Person.TENANT)) {
      throw new IllegalArgumentException(
          "ligature.approval.identity.sensitive-role: give the name of a role");
    }
  }
}
