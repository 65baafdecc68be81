package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of reviews.
 *
 * @param next address of the next page; null: there is none
 * @param first address of the first page; null: this is it
 */
public record ListScreen(
    ListQuery query, List<Row> rows, @Nullable String next, @Nullable String first) {

  /**
   * @param due null: none is set
   * @param outcome how it ended; empty while it is open
   */
  public record Row(
      String path,
      String task,
      String definition,
      String reason,
      String requester,
      String role,
      Moment requested,
      @Nullable Moment due,
      String outcome,
      String by) {}
}
