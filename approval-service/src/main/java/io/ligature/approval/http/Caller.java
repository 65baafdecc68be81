package io.ligature.approval.http;

import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ReviewSummary;
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
    return new Caller(identity.getPrincipal().getName(), roles, tenantOf(roles));
  }

  static String tenantOf(List<String> roles) {
    return roles.stream()
        .filter(role -> role.startsWith(TENANT))
        .map(role -> role.substring(TENANT.length()))
        .findFirst()
        .orElse("default");
  }

  /** Sees every review of the tenant, whether they may decide it or not. */
  boolean seesAll() {
    return roles.contains("viewer") || roles.contains("operator") || roles.contains("admin");
  }

  /** What they may act on or have acted on. */
  boolean maySee(ReviewSummary summary) {
    return tenant.equals(summary.tenant())
        && (seesAll() || summary.isFor(name, roles) || summary.wasActedOnBy(name));
  }

  boolean maySee(Review review) {
    return maySee(ReviewSummary.of(review));
  }
}
