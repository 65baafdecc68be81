package io.ligature.approval.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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
}
