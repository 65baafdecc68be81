package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Which reviews of a list are meant: all that is asked for must hold. */
public final class ReviewFilter implements Predicate<ReviewSummary> {

  /** Fields that must be as given. */
  public static final List<String> FIELDS =
      List.of("definition", "workflowId", "task", "requester", "decision", "reviewer");

  private final Map<String, String> wanted;
  private final Instant now;

  /**
   * @param wanted of {@link #FIELDS}; {@code role}, which may decide it; {@code claim}, a name or
   *     {@code none}; {@code expiresBefore}, an instant
   * @param now whose claims count
   */
  public ReviewFilter(Map<String, String> wanted, Instant now) {
    this.wanted = Map.copyOf(wanted);
    this.now = now;
  }

  @Override
  public boolean test(ReviewSummary review) {
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      boolean holds =
          switch (entry.getKey()) {
            case "role" -> review.isFor("", List.of(entry.getValue()));
            case "claim" -> isHeldBy(review.content(), entry.getValue());
            case "expiresBefore" -> endsBefore(review.content(), Instant.parse(entry.getValue()));
            default -> review.content().path(entry.getKey()).asText().equals(entry.getValue());
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private boolean isHeldBy(JsonNode review, String who) {
    JsonNode claim = review.path("claim");
    boolean held = claim.isObject() && now.isBefore(Instant.parse(claim.path("until").asText()));
    return who.equals("none") ? !held : held && claim.path("who").asText().equals(who);
  }

  private static boolean endsBefore(JsonNode review, Instant moment) {
    return review.hasNonNull("expiresAt")
        && Instant.parse(review.get("expiresAt").asText()).isBefore(moment);
  }
}
