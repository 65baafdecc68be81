package io.ligature.approval.identity;

import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.approval.stream.ReviewSummary;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.List;
import java.util.Set;

/**
 * Who asks.
 *
 * @param roles sorted
 * @param tenant from a role {@code tenant:NAME}; {@code default} without one
 */
public record Person(String name, List<String> roles, String tenant) {

  static final String TENANT = "tenant:";

  private static final Set<String> SEEING_ALL = Set.of("viewer", "operator", "admin", "auditor");

  public Person {
    roles = List.copyOf(roles);
  }

  public static Person of(SecurityIdentity identity) {
    List<String> roles = identity.getRoles().stream().sorted().toList();
    return new Person(identity.getPrincipal().getName(), roles, tenantOf(roles));
  }

  /** The tenant of somebody with these roles. */
  public static String tenantOf(List<String> roles) {
    return roles.stream()
        .filter(role -> role.startsWith(TENANT))
        .map(role -> role.substring(TENANT.length()))
        .findFirst()
        .orElse("default");
  }

  /** Sees every review of the tenant and its trail, whether they may decide it or not. */
  public boolean seesAll() {
    return roles.stream().anyMatch(SEEING_ALL::contains);
  }

  /** The lists of all they may see. */
  public ReviewScope scope() {
    return new ReviewScope(
        tenant, name, roles, seesAll() ? ReviewScope.Reach.TENANT : ReviewScope.Reach.CONCERNED);
  }

  /** What they may act on or have acted on. */
  public boolean maySee(ReviewSummary summary) {
    return scope().covers(summary);
  }

  public boolean maySee(Review review) {
    return maySee(ReviewSummary.of(review, ""));
  }

  /** Of the same tenant; nothing of another one exists for them. */
  public boolean belongsWith(Review review) {
    return tenant.equals(review.request().getTenant());
  }

  /** As far as the person goes; whether the review is still open is another question. */
  public boolean mayDecide(Review review) {
    return belongsWith(review) && Reviewers.mayDecide(review, name, roles);
  }
}
