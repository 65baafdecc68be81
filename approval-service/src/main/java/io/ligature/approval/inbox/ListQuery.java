package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.approval.stream.ReviewSummary.Status;
import jakarta.ws.rs.core.UriBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of the list someone wants to see.
 *
 * @param text that must be in one of the texts of the row; empty: any
 * @param due {@code any}, {@code over}, {@code hour}, {@code day} or {@code none}
 * @param mine true: only what the reader may decide
 * @param held {@code any}, {@code me} or {@code nobody}
 */
public record ListQuery(String status, String text, String due, boolean mine, String held) {

  private static final int LONGEST_TEXT = 200;

  static ListQuery of(
      @Nullable String status,
      @Nullable String text,
      @Nullable String due,
      boolean mine,
      @Nullable String held) {
    String wanted = status == null ? "open" : status;
    if (!List.of("open", "decided", "withdrawn").contains(wanted)) {
      throw PageProblem.invalid("There is no list of “" + wanted + "” reviews.");
    }
    String said = text == null ? "" : text.strip();
    if (said.length() > LONGEST_TEXT) {
      throw PageProblem.invalid("Search for at most " + LONGEST_TEXT + " characters.");
    }
    String span = due == null || due.isEmpty() ? "any" : due;
    if (!List.of("any", "over", "hour", "day", "none").contains(span)) {
      throw PageProblem.invalid("There is no time span “" + span + "”.");
    }
    String holder = held == null || held.isEmpty() ? "any" : held;
    if (!List.of("any", "me", "nobody").contains(holder)) {
      throw PageProblem.invalid(
          "Reviews are held by me, by nobody or by any, not “" + holder + "”.");
    }
    return new ListQuery(wanted, said, span, mine, holder);
  }

  Status index() {
    return Status.valueOf(status.toUpperCase(Locale.ROOT));
  }

  public boolean filtered() {
    return !text.isEmpty() || !due.equals("any") || mine || !held.equals("any");
  }

  ReviewFilter filter(Person person, Instant now) {
    Map<String, String> wanted = new HashMap<>();
    if (!text.isEmpty()) {
      wanted.put("text", text);
    }
    switch (due) {
      case "none" -> wanted.put("expiresBefore", ReviewFilter.NEVER);
      case "over" -> wanted.put("expiresBefore", now.toString());
      case "hour" -> wanted.put("expiresBefore", now.plus(Duration.ofHours(1)).toString());
      case "day" -> wanted.put("expiresBefore", now.plus(Duration.ofDays(1)).toString());
      default -> {}
    }
    switch (held) {
      case "me" -> wanted.put("claim", person.name());
      case "nobody" -> wanted.put("claim", "none");
      default -> {}
    }
    ReviewScope scope = person.scope();
    return new ReviewFilter(
        mine ? scope.reaching(ReviewScope.Reach.DECIDABLE) : scope, wanted, now);
  }

  /** Who has it at that moment; empty: nobody. */
  static String holder(ReviewSummary summary, Instant now) {
    JsonNode claim = summary.content().path("claim");
    boolean holds = claim.isObject() && now.isBefore(Instant.parse(claim.path("until").asText()));
    return holds ? claim.path("who").asText() : "";
  }

  /**
   * @param cursor of the page; null: the first one
   */
  String address(@Nullable String cursor) {
    return address("/inbox", cursor);
  }

  /** Of the question about all that is listed. */
  public String together(String action) {
    return address("/inbox/together/" + action, null);
  }

  private String address(String path, @Nullable String cursor) {
    UriBuilder address = UriBuilder.fromPath(path).queryParam("status", status);
    if (!text.isEmpty()) {
      address.queryParam("q", "{q}");
    }
    if (!due.equals("any")) {
      address.queryParam("due", due);
    }
    if (mine) {
      address.queryParam("mine", "true");
    }
    if (!held.equals("any")) {
      address.queryParam("held", held);
    }
    if (cursor != null) {
      address.queryParam("cursor", encoded(cursor));
    }
    return text.isEmpty() ? address.build().toString() : address.build(text).toString();
  }

  private static String encoded(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key behind which the page begins. */
  @Nullable String key(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return null;
    }
    try {
      String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (key.startsWith(status + "/")) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as for any cursor that is not ours.
    }
    throw PageProblem.invalid("This address does not lead to a page of the list any more.");
  }
}
