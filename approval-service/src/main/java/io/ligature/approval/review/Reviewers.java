package io.ligature.approval.review;

import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may act on a review. */
public final class Reviewers {

  /** The role of one who is named in person. */
  static final String IN_PERSON = "named";

  private Reviewers() {}

  /** Whether someone with these roles may decide, whatever the review's state. */
  public static boolean mayDecide(Review review, String who, List<String> roles) {
    return roleOf(review, who, roles).isPresent() && !isRequester(review.request(), who);
  }

  /** The role in which they may; empty: in none. */
  static Optional<String> roleOf(Review review, String who, List<String> roles) {
    if (review.request().getRule().getUsers().contains(who)) {
      return Optional.of(IN_PERSON);
    }
    return rolesOf(review).stream().filter(roles::contains).findFirst();
  }

  /** The roles that may decide, those of the escalations so far behind the others. */
  public static List<String> rolesOf(Review review) {
    ReviewRule rule = review.request().getRule();
    List<String> all = new ArrayList<>();
    if (!rule.getRole().isEmpty()) {
      all.add(rule.getRole());
    }
    all.addAll(rule.getRoles());
    all.addAll(review.standing().escalations());
    return all;
  }

  /** In words: what one must be. */
  static String wanted(Review review) {
    List<String> roles = rolesOf(review);
    return roles.isEmpty() ? IN_PERSON : String.join("' or '", roles);
  }

  /** True where four eyes are asked for and theirs are the first two. */
  static boolean isRequester(NeedsReview request, String who) {
    return request.getRule().getFourEyes() && request.getRequester().equals(who);
  }

  /**
   * Why this person may not decide; empty when they may.
   *
   * @param before the review of the workflow that they decided earlier; null: none
   */
  static Optional<Refusal> refusal(
      Review review, String who, List<String> roles, @Nullable String before) {
    if (roleOf(review, who, roles).isEmpty()) {
      return Optional.of(new Refusal.WrongRole(wanted(review)));
    }
    if (isRequester(review.request(), who)) {
      return Optional.of(new Refusal.OwnWorkflow(review.request().getRequester()));
    }
    if (before != null && review.request().getRule().getOtherThanBefore()) {
      return Optional.of(new Refusal.DecidedBefore(before));
    }
    return Optional.empty();
  }
}
