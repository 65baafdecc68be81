package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.avro.Decision;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of reviews.
 *
 * @param address of this page of it
 * @param next address of the next page; null: there is none
 * @param first address of the first page; null: this is it
 * @param refreshMillis after which the page looks for what is new
 * @param idleMillis after which it does not, when nobody touches it
 */
public record ListScreen(
    ListQuery query,
    List<Row> rows,
    String address,
    @Nullable String next,
    @Nullable String first,
    long refreshMillis,
    long idleMillis) {

  /**
   * @param anchor of the row on the page
   * @param purpose {@code work}, {@code budget} or what needs no word
   * @param due null: none is set
   * @param holder who has it; empty: nobody
   * @param own true: the reader has it
   * @param progress such as "1 of 2 approvals"; empty: one is enough
   * @param outcome how it ended; empty while it is open
   * @param workflowId which tells reviews of the same task apart
   * @param decided null: it is not
   * @param forReader true: the reader is one of those who may decide
   */
  public record Row(
      String path,
      String anchor,
      String id,
      long version,
      String task,
      String definition,
      String workflowId,
      String reason,
      String requester,
      List<String> roles,
      String purpose,
      Moment requested,
      @Nullable Moment due,
      String holder,
      boolean own,
      String progress,
      String outcome,
      String tone,
      String by,
      @Nullable Moment decided,
      boolean forReader) {

    static Row of(ReviewSummary summary, Person person, Instant now) {
      JsonNode content = summary.content();
      String id = content.path("reviewId").asText();
      String holder = ListQuery.holder(summary, now);
      Decision decision =
          content.has("decision") ? Decision.valueOf(content.path("decision").asText()) : null;
      return new Row(
          Screens.path(id),
          "r" + Payloads.sha256(id.getBytes(StandardCharsets.UTF_8)).substring(0, 16),
          id,
          content.path("version").asLong(),
          Labels.of(content.path("task").asText()),
          Labels.of(content.path("definition").asText()),
          content.path("workflowId").asText(),
          content.path("reason").asText(),
          content.path("requester").asText(),
          roles(summary),
          content.path("purpose").asText(""),
          Moment.of(Instant.parse(content.path("requestedAt").asText()), now),
          moment(content.path("expiresAt"), now),
          holder,
          holder.equals(person.name()),
          progress(content),
          decision == null ? "" : Screens.title(decision),
          decision == null ? "" : Screens.tone(decision),
          content.path("reviewer").asText(""),
          moment(content.path("decidedAt"), now),
          summary.isFor(person.name(), person.roles()));
    }

    private static @Nullable Moment moment(JsonNode at, Instant now) {
      return at.isTextual() ? Moment.of(Instant.parse(at.asText()), now) : null;
    }

    /** Rows of an earlier version have the one role alone. */
    private static List<String> roles(ReviewSummary summary) {
      List<String> roles = new ArrayList<>();
      summary.content().path("roles").forEach(role -> roles.add(role.asText()));
      return roles.isEmpty() ? List.of(summary.role()) : roles;
    }

    private static String progress(JsonNode content) {
      int quorum = content.path("quorum").asInt(1);
      return quorum > 1 ? content.path("approvals").asInt() + " of " + quorum + " approvals" : "";
    }
  }

  public boolean open() {
    return query.status().equals("open");
  }

  /** In words, for those who hear the page. */
  public String count() {
    String many = rows.size() == 1 ? "1 review" : rows.size() + " reviews";
    return many + (next == null ? "" : " on this page");
  }

  /** Whether there is something here that the reader could decide together with the rest. */
  public boolean decidable() {
    return open() && rows.stream().filter(Row::forReader).count() > 1;
  }
}
