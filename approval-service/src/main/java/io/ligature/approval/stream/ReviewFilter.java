package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which reviews of a list are meant: all that is asked for must hold. It is a value, so that
 * another instance can be asked for them.
 *
 * @param wanted of {@link #FIELDS}; {@code role}, which may decide it; {@code claim}, a name or
 *     {@code none}; {@code expiresBefore}, an instant, or {@code never}; {@code text}, which must
 *     be in one of {@link #SEARCHED}
 * @param now whose claims count
 */
public record ReviewFilter(ReviewScope scope, Map<String, String> wanted, Instant now)
    implements Predicate<ReviewSummary> {

  /** Of {@code expiresBefore}: the wait has no end. */
  public static final String NEVER = "never";

  /** Fields that must be as given. */
  public static final List<String> FIELDS =
      List.of("definition", "workflowId", "task", "requester", "decision", "reviewer");

  /** Those of them that have index rows of their own. */
  static final List<String> INDEXED = List.of("definition", "workflowId", "task", "requester");

  /** Fields in which a text is looked for. */
  public static final List<String> SEARCHED =
      List.of("task", "definition", "reason", "requester", "reviewId", "reviewer");

  public ReviewFilter {
    wanted = Map.copyOf(wanted);
  }

  @Override
  public boolean test(ReviewSummary review) {
    if (!scope.covers(review)) {
      return false;
    }
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      if (!holds(review, entry.getKey(), entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(ReviewSummary review, String what, String value) {
    JsonNode content = review.content();
    return switch (what) {
      case "role" -> review.isForRole(value);
      case "claim" -> isHeldBy(content, value);
      case "expiresBefore" -> endsBefore(content, value);
      case "text" -> has(content, value.toLowerCase(Locale.ROOT));
      default -> content.path(what).asText().equals(value);
    };
  }

  private boolean isHeldBy(JsonNode review, String who) {
    JsonNode claim = review.path("claim");
    boolean held = claim.isObject() && now.isBefore(Instant.parse(claim.path("until").asText()));
    return who.equals("none") ? !held : held && claim.path("who").asText().equals(who);
  }

  private static boolean endsBefore(JsonNode review, String moment) {
    boolean ends = review.hasNonNull("expiresAt");
    if (moment.equals(NEVER)) {
      return !ends;
    }
    return ends && Instant.parse(review.get("expiresAt").asText()).isBefore(Instant.parse(moment));
  }

  private static boolean has(JsonNode review, String text) {
    for (String field : SEARCHED) {
      String said = review.path(field).asText("").toLowerCase(Locale.ROOT);
      if (said.contains(text) || said.replace('-', ' ').contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** Each review that is meant has one term of each of these. */
  List<Set<String>> terms() {
    List<Set<String>> all = new ArrayList<>();
    all.add(scope.terms());
    wanted.forEach(
        (what, value) -> {
          if (INDEXED.contains(what)) {
            all.add(Set.of(Terms.field(what, value)));
          } else if (what.equals("role")) {
            all.add(Set.of(Terms.role(value)));
          } else if (what.equals("reviewer") || (what.equals("claim") && !value.equals("none"))) {
            all.add(Set.of(Terms.person(value)));
          }
        });
    // What all have narrows nothing down.
    if (all.size() > 1) {
      all.removeIf(terms -> terms.contains(Terms.ANY));
    }
    return all;
  }

  ObjectNode json() {
    ObjectNode json = Payloads.JSON.createObjectNode().put("now", now.toString());
    json.set("scope", scope.json());
    ObjectNode fields = json.putObject("wanted");
    wanted.forEach(fields::put);
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static ReviewFilter of(JsonNode json) {
    Map<String, String> wanted = new HashMap<>();
    json.path("wanted")
        .properties()
        .forEach(each -> wanted.put(each.getKey(), each.getValue().asText()));
    return new ReviewFilter(
        ReviewScope.of(json.path("scope")), wanted, Instant.parse(Wire.text(json, "now")));
  }
}
