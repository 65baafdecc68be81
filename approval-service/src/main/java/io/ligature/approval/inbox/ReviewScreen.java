package io.ligature.approval.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review as its page shows it.
 *
 * @param path of the page; other addresses begin with it
 * @param version that is shown; what is done is done to it
 * @param why a person is needed
 * @param purpose {@code gate}, {@code result}, {@code budget}, {@code work} or empty
 * @param due null: it waits as long as the workflow does
 * @param silence what the end of the wait means; empty where it has none
 * @param subject what is to be approved
 * @param source the same, as JSON
 * @param edited what an edit has made of it so far; null: nobody has edited
 * @param figures about what is to be approved, in the order of the page
 */
public record ReviewScreen(
    String path,
    String id,
    long version,
    String task,
    String definition,
    String workflowId,
    String requester,
    String why,
    String purpose,
    String status,
    Rule rule,
    Progress progress,
    Moment requested,
    @Nullable Moment due,
    String silence,
    Shown subject,
    String source,
    @Nullable Edited edited,
    List<Figure> figures,
    List<Evidence> evidence,
    Path onApproval,
    Path onRejection,
    Money money,
    List<Event> history,
    @Nullable Outcome outcome,
    Offers offers) {

  /** Who may decide, and how. */
  public record Rule(
      List<String> roles,
      List<String> users,
      int quorum,
      int rejections,
      boolean fourEyes,
      boolean otherThanBefore) {}

  /**
   * How far it is.
   *
   * @param words such as "1 of 2 approvals"; empty where one vote decides and none is there
   * @param held null: nobody has it
   * @param next what happens by itself if nobody decides; null: nothing
   */
  public record Progress(
      String words,
      List<Vote> votes,
      @Nullable Held held,
      @Nullable Next next,
      int reminders,
      List<String> escalations) {}

  public record Vote(String who, boolean own, String what, String reason, Moment at, String tone) {}

  /**
   * @param from who handed it over; null: they took it themselves
   */
  public record Held(String who, boolean own, Moment until, @Nullable String from) {}

  public record Next(String what, Moment at) {}

  /** One number or word that says much. */
  public record Figure(String name, String value, String note, String tone) {}

  /** What a reviewer has made of the output. */
  public record Edited(String who, Changes changes) {}

  /**
   * What follows.
   *
   * @param steps in their order; empty: it is not known
   * @param more in words, how many steps are not listed; empty: all are
   * @param total what they may cost together at most; null: it is not known
   * @param otherwise what is said where there is no step
   */
  public record Path(List<Step> steps, String more, @Nullable String total, String otherwise) {}

  /**
   * @param note what it is, and on what it depends; empty: there is nothing to say
   * @param cost what it may cost at most; null: it is not known, or costs nothing
   */
  public record Step(String name, String note, @Nullable String cost) {}

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

  /**
   * What happened to the review.
   *
   * @param tone {@code good}, {@code bad}, {@code quiet} or {@code neutral}
   * @param traces what an auditor asks for: role, client, what was seen, hash
   */
  public record Event(
      Moment at, String who, String what, String detail, String tone, List<Trace> traces) {}

  public record Trace(String name, String value) {}

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

  /** A person does the task, and approves nothing that is there. */
  public boolean work() {
    return purpose.equals(Offering.WORK);
  }

  public boolean budget() {
    return purpose.equals(Offering.BUDGET);
  }

  /** Somebody else has it, which is told beside the decision. */
  public boolean heldByOther() {
    Held held = progress.held();
    return open() && held != null && !held.own();
  }

  /** The address of a question about the version that is shown. */
  public String ask(String action) {
    return path + "/" + action + "?version=" + version;
  }
}
