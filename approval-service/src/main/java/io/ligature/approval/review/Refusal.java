package io.ligature.approval.review;

import io.ligature.avro.ReviewDecision;
import java.time.Instant;
import java.util.List;

/** Why a command changes nothing. */
public sealed interface Refusal {

  /** One lower-case word for metrics, logs and the record of refused commands. */
  String kind();

  /** For the reviewer: what was wrong and what to do. */
  String message();

  /** No such review in the reviewer's tenant. */
  record Unknown(String reviewId) implements Refusal {
    @Override
    public String kind() {
      return "unknown";
    }

    @Override
    public String message() {
      return "there is no review '" + reviewId + "'; GET /reviews lists those you may see";
    }
  }

  /** The reviewer lacks the role that the gate names. */
  record WrongRole(String needed) implements Refusal {
    @Override
    public String kind() {
      return "wrong_role";
    }

    @Override
    public String message() {
      return "deciding this review needs the role '" + needed + "'";
    }
  }

  /** The one who started the workflow may not decide it. */
  record OwnWorkflow(String requester) implements Refusal {
    @Override
    public String kind() {
      return "four_eyes";
    }

    @Override
    public String message() {
      return "this review needs four eyes: '"
          + requester
          + "' started the workflow, so someone else has to decide";
    }
  }

  /** Another decision came first. */
  record AlreadyDecided(ReviewDecision winner) implements Refusal {
    @Override
    public String kind() {
      return "already_decided";
    }

    @Override
    public String message() {
      return "'" + winner.getReviewer() + "' decided first: " + winner.getDecision();
    }
  }

  /** The workflow no longer waits. */
  record NoLongerNeeded(String reason) implements Refusal {
    @Override
    public String kind() {
      return "withdrawn";
    }

    @Override
    public String message() {
      return "the workflow no longer waits for this review: " + reason;
    }
  }

  /** The wait has ended. */
  record Expired(Instant expiredAt) implements Refusal {
    @Override
    public String kind() {
      return "expired";
    }

    @Override
    public String message() {
      return "the review expired at " + expiredAt;
    }
  }

  /** The gate does not allow edits. */
  record EditNotAllowed() implements Refusal {
    @Override
    public String kind() {
      return "edit_not_allowed";
    }

    @Override
    public String message() {
      return "this review may be approved or rejected as it is; its definition does not allow edits";
    }
  }

  /** The edited output is not what the schema says. */
  record InvalidEdit(List<String> violations) implements Refusal {

    public InvalidEdit {
      violations = List.copyOf(violations);
    }

    @Override
    public String kind() {
      return "invalid_edit";
    }

    @Override
    public String message() {
      return "the edited output does not meet the output schema of the review";
    }
  }

  /** A person does the task, and approves nothing that is there. */
  record OutputMissing() implements Refusal {
    @Override
    public String kind() {
      return "output_missing";
    }

    @Override
    public String message() {
      return "this task is done by a person: give the output, with edit-and-approve";
    }
  }

  /** A rejection must say why. */
  record ReasonMissing() implements Refusal {
    @Override
    public String kind() {
      return "reason_missing";
    }

    @Override
    public String message() {
      return "a rejection needs a reason, for whoever reads the workflow's record";
    }
  }

  /** The decision makes no sense as it was sent. */
  record Malformed(String message) implements Refusal {
    @Override
    public String kind() {
      return "malformed";
    }
  }
}
