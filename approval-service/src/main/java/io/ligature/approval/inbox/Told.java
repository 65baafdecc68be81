package io.ligature.approval.inbox;

/**
 * What a page about a review says to what was just tried: nothing that a reader wrote is lost when
 * it was not taken.
 *
 * @param notice what became of it; empty: nothing was tried
 * @param written what the reader wrote and nobody else has got; empty: nothing
 * @param comment a comment that can be put right; empty: none
 * @param commentWrong what is wrong with it; empty: nothing
 */
public record Told(String notice, String written, String comment, String commentWrong) {

  static final Told NOTHING = new Told("", "", "", "");

  static Told notice(String notice) {
    return new Told(notice, "", "", "");
  }

  static Told refused(String notice, String written) {
    return new Told(notice, written, "", "");
  }

  static Told comment(String comment, String wrong) {
    return new Told("", "", comment, wrong);
  }
}
