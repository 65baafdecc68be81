package io.ligature.approval.inbox;

import io.ligature.avro.Decision;
import io.ligature.avro.ReviewAct;

/** What the page lets a reader do with a review. */
enum Act {
  APPROVE("approve", "Approve this?", "Approve it", "good"),
  REJECT("reject", "Reject this?", "Reject it", "bad"),
  EDIT("edit-and-approve", "Approve your edited output?", "Approve my edit", "good"),
  CHANGE("request-changes", "Have it done again?", "Ask for changes", "neutral"),
  ABORT("abort", "End the whole workflow?", "End the workflow", "bad"),
  DELEGATE("delegate", "Hand it to someone else?", "Hand it over", "neutral"),
  CLAIM("claim", "Take it?", "Take it", "neutral"),
  RELEASE("release", "Release it?", "Release it", "neutral"),
  COMMENT("comments", "Say something about it?", "Add the comment", "neutral");

  private final String word;
  private final String question;
  private final String button;
  private final String tone;

  Act(String word, String question, String button, String tone) {
    this.word = word;
    this.question = question;
    this.button = button;
    this.tone = tone;
  }

  /**
   * @param word last part of an address that has matched already
   */
  static Act of(String word) {
    for (Act act : values()) {
      if (act.word.equals(word)) {
        return act;
      }
    }
    throw PageProblem.invalid("There is nothing to do that is called “" + word + "”.");
  }

  /** Last part of the address that does it. */
  String word() {
    return word;
  }

  String question() {
    return question;
  }

  String button() {
    return button;
  }

  String tone() {
    return tone;
  }

  boolean needsReason() {
    return switch (this) {
      case REJECT, CHANGE, ABORT, COMMENT -> true;
      case APPROVE, EDIT, DELEGATE, CLAIM, RELEASE -> false;
    };
  }

  /** As trails and logs call it. */
  String action() {
    return switch (this) {
      case DELEGATE -> ReviewAct.delegate.name();
      case CLAIM -> ReviewAct.claim.name();
      case RELEASE -> ReviewAct.release.name();
      case COMMENT -> ReviewAct.comment.name();
      case APPROVE, REJECT, EDIT, CHANGE, ABORT -> decision().name();
    };
  }

  /** What the reader wants to come of the review, where the act is to decide. */
  Decision decision() {
    return switch (this) {
      case APPROVE -> Decision.approve;
      case REJECT -> Decision.reject;
      case EDIT -> Decision.edit_and_approve;
      case CHANGE -> Decision.request_changes;
      case ABORT -> Decision.abort;
      case DELEGATE, CLAIM, RELEASE, COMMENT ->
          throw new IllegalArgumentException(this + " decides nothing");
    };
  }
}
