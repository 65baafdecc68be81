package io.ligature.approval.http;

import io.quarkus.security.identity.SecurityIdentity;
import java.util.List;

/**
 * Who asks.
 *
 * @param tenant from a role {@code tenant:NAME}; {@code default} without one
 */
record Caller(String name, List<String> roles, String tenant) {

  private static final String TENANT = "tenant:";

  static Caller of(SecurityIdentity identity) {
    List<String> roles = identity.getRoles().stream().sorted().toList();
    String tenant =
        roles.stream()
            .filter(role -> role.startsWith(TENANT))
            .map(role -> role.substring(TENANT.length()))
            .findFirst()
            .orElse("default");
    return new Caller(identity.getPrincipal().getName(), roles, tenant);
  }

  /** Sees every review of the tenant, whether they may decide it or not. */
  boolean seesAll() {
    return roles.contains("viewer") || roles.contains("operator") || roles.contains("admin");
  }

  boolean maySee(String reviewTenant, String reviewRole) {
    return tenant.equals(reviewTenant) && (seesAll() || roles.contains(reviewRole));
  }
}
