package io.ligature.approval.identity;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Gives the bearer of a token the tenant that its claim names. A tenant among the token's roles
 * counts for nothing: who hands out roles need not be who assigns tenants.
 */
@ApplicationScoped
public class TokenRoles implements SecurityIdentityAugmentor {

  private final IdentitySettings settings;

  public TokenRoles(IdentitySettings settings) {
    this.settings = settings;
  }

  /** A token that was made for another service says nothing about who may decide here. */
  void start(
      @Observes StartupEvent event,
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean tokens,
      @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audience) {
    if (tokens && audience.isEmpty()) {
      throw new IllegalArgumentException(
          "quarkus.oidc.token.audience: name the audience that tokens for this service have");
    }
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
      return Uni.createFrom().item(identity);
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
      Object tenant = token.getClaim(tenantClaim.get());
      roles.add(Person.TENANT + (tenant == null ? "" : tenant));
    }
    return roles;
  }
}
