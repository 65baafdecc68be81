package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review as its page shows it.
 *
 * @param path of the page; other addresses begin with it
 * @param why a person is needed
 * @param due null: it waits as long as the workflow does
 * @param subject what is to be approved
 * @param source the same, as JSON
 * @param closed why the reader cannot decide; empty: they can
 * @param noEdit why they could not edit; empty: they could
 */
public record ReviewScreen(
    String path,
    String id,
    String task,
    String definition,
    String workflowId,
    String requester,
    String why,
    String status,
    Rule rule,
    Moment requested,
    @Nullable Moment due,
    Shown subject,
    String source,
    List<Evidence> evidence,
    List<String> onApproval,
    List<String> onRejection,
    Money money,
    List<Event> history,
    @Nullable Outcome outcome,
    String closed,
    String noEdit) {

  /** Who may decide, and how. */
  public record Rule(String role, int quorum, boolean fourEyes, boolean edit) {}

  /**
   * @param share of the budget that is spent, in percent; -1: there is no budget
   */
  public record Money(String spent, @Nullable String left, String currency, int share) {}

  /** One result that led to the gate. */
  public record Evidence(
      String task,
      @Nullable String capability,
      @Nullable String agent,
      @Nullable String model,
      @Nullable String cost,
      @Nullable Confidence confidence,
      @Nullable String grade,
      Shown input,
      Shown output,
      List<Earlier> earlier) {}

  /**
   * @param text in percent
   * @param level {@code low}, {@code middle} or {@code high}
   */
  public record Confidence(double value, String text, String level) {}

  /** An attempt that did not do. */
  public record Earlier(
      int attempt,
      @Nullable String agent,
      @Nullable String cost,
      @Nullable String kind,
      @Nullable Shown message) {}

  /** What happened to the review. */
  public record Event(Moment at, String who, String what, String detail) {}

  /**
   * How it ended.
   *
   * @param tone {@code good}, {@code bad} or {@code neutral}
   * @param changes null unless the output was edited
   */
  public record Outcome(
      String tone, String title, String who, Moment at, String reason, @Nullable Changes changes) {}

  public boolean open() {
    return status.equals("open");
  }

  public boolean decidable() {
    return closed.isEmpty();
  }

  public boolean editable() {
    return decidable() && noEdit.isEmpty();
  }
}
