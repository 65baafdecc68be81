package io.ligature.approval.inbox;

import java.util.List;

/**
 * One decision about several reviews: the question, and behind it what came of each.
 *
 * @param action {@code approve} or {@code reject}
 * @param back address of the list
 * @param more true: there are more than one such decision may be about
 * @param error what is wrong with the reason; empty: nothing
 */
public record TogetherScreen(
    String action,
    String back,
    List<ListScreen.Row> rows,
    boolean more,
    int most,
    int maxText,
    String reason,
    String key,
    String error) {

  public boolean rejects() {
    return action.equals(Act.REJECT.word());
  }

  /** What came of it. */
  public record Results(String action, List<Result> list) {

    public boolean rejects() {
      return action.equals(Act.REJECT.word());
    }

    /** How many are decided. */
    public long done() {
      return count("good");
    }

    /** How many have the reader's vote, and need more than that or some time. */
    public long waiting() {
      return count("neutral");
    }

    private long count(String tone) {
      return list.stream().filter(each -> each.tone().equals(tone)).count();
    }
  }

  /**
   * @param workflowId empty: nothing is known of it
   * @param tone {@code good}, {@code bad} or {@code neutral}
   */
  public record Result(String path, String task, String workflowId, String words, String tone) {}
}
