package io.ligature.approval.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonString;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Gives the bearer of a token the tenant that its claim names. A tenant among the token's roles
 * counts for nothing: who hands out roles need not be who assigns tenants.
 */
@ApplicationScoped
public class TokenRoles implements SecurityIdentityAugmentor {

  /** Names stand in trails, logs and mails. */
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\u2028\\u2029]{1,200}");

  private final IdentitySettings settings;

  public TokenRoles(IdentitySettings settings) {
    this.settings = settings;
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
      return Uni.createFrom().item(identity);
    }
    String name = token.getName();
    if (name == null || !NAME.matcher(name).matches()) {
      return Uni.createFrom()
          .failure(new AuthenticationFailedException("the token names nobody that can be written"));
    }
    Set<String> roles = roles(identity.getRoles(), token, settings.tenantClaim());
    // Not built from the given one: that would keep its roles.
    return Uni.createFrom()
        .item(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(token)
                .addRoles(roles)
                .addCredentials(identity.getCredentials())
                .addAttributes(identity.getAttributes())
                .addPermissionChecker(identity::checkPermission)
                .build());
  }

  static Set<String> roles(Set<String> given, JsonWebToken token, Optional<String> tenantClaim) {
    Set<String> roles =
        given.stream()
            .filter(role -> !role.startsWith(Person.TENANT))
            .collect(Collectors.toCollection(TreeSet::new));
    if (tenantClaim.isPresent()) {
      roles.add(Person.TENANT + tenant(token.getClaim(tenantClaim.get())));
    }
    return roles;
  }

  /** Only a text names one; anything else is none, which has no reviews. */
  private static String tenant(@Nullable Object claim) {
    return switch (claim) {
      case String text -> text;
      case JsonString text -> text.getString();
      case null, default -> "";
    };
  }
}
