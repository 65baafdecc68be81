package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Under what lists find a review: for each of its terms there is an index row, {@code
 * by/STATUS/HASH/MILLIS/ID}, so that whoever sees few of many reviews reads rows of those alone.
 *
 * <p>A term only says where to look: two of them may have one hash, and a row may be of a version
 * that knew others. Each review that is found this way is still asked whether it is meant.
 */
final class Terms {

  /** Of all reviews of a tenant. */
  static final String ANY = "*";

  private static final String BY = "by/";
  private static final int HASH_DIGITS = 16;

  private Terms() {}

  static String role(String role) {
    return "role=" + role;
  }

  /** Named in the rule, holding a claim, or having done something. */
  static String person(String name) {
    return "person=" + name;
  }

  /** A field that must be as given. */
  static String field(String field, String value) {
    return field + "=" + value;
  }

  static Set<String> of(ReviewSummary review) {
    JsonNode content = review.content();
    Set<String> terms = new LinkedHashSet<>();
    terms.add(ANY);
    terms.add(role(review.role()));
    content.path("roles").forEach(role -> terms.add(role(role.asText())));
    content.path("users").forEach(name -> terms.add(person(name.asText())));
    content.path("actors").forEach(name -> terms.add(person(name.asText())));
    JsonNode holder = content.path("claim").path("who");
    if (holder.isTextual()) {
      terms.add(person(holder.textValue()));
    }
    // Of a decision by policy, which is nobody's act.
    if (content.hasNonNull("reviewer")) {
      terms.add(person(content.path("reviewer").asText()));
    }
    for (String field : ReviewFilter.INDEXED) {
      terms.add(field(field, content.path(field).asText()));
    }
    return terms;
  }

  /** The index rows of a review, without the one that holds its summary. */
  static List<String> rows(ReviewSummary review) {
    ReviewSummary.Status status = review.status();
    String place = review.key().substring(status.prefix().length());
    List<String> rows = new ArrayList<>();
    for (String term : of(review)) {
      rows.add(prefix(status, review.tenant(), term) + place);
    }
    return rows;
  }

  static String prefix(ReviewSummary.Status status, String tenant, String term) {
    byte[] named = (tenant + "\n" + term).getBytes(StandardCharsets.UTF_8);
    return BY + status.prefix() + Payloads.sha256(named).substring(0, HASH_DIGITS) + "/";
  }
}
