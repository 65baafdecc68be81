package io.ligature.approval.inbox;

/**
 * What a reader may do with a review, as its rules say right now.
 *
 * @param closed why they can neither approve nor reject it; empty: they can
 * @param noEdit why they cannot edit; empty: they can
 */
public record Offers(
    boolean approve,
    boolean reject,
    boolean edit,
    boolean change,
    boolean abort,
    boolean delegate,
    boolean claim,
    boolean release,
    boolean comment,
    String closed,
    String noEdit) {

  static Offers none(String closed) {
    return new Offers(
        false, false, false, false, false, false, false, false, false, closed, closed);
  }

  /** Whether there is anything left that ends the wait. */
  public boolean decide() {
    return approve || reject || edit || change || abort;
  }

  boolean has(Act act) {
    return switch (act) {
      case APPROVE -> approve;
      case REJECT -> reject;
      case EDIT -> edit;
      case CHANGE -> change;
      case ABORT -> abort;
      case DELEGATE -> delegate;
      case CLAIM -> claim;
      case RELEASE -> release;
      case COMMENT -> comment;
    };
  }
}
