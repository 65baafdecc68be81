package io.ligature.approval.review;

import io.ligature.avro.ReviewDecision;
import java.time.Instant;
import java.util.List;

/** Why a command changes nothing. */
public sealed interface Refusal {

  /** One lower-case word for metrics, logs and the record of refused commands. */
  String kind();

  /** Whether it is about who asks, whatever becomes of the review. */
  default boolean isPersonal() {
    return this instanceof WrongRole
        || this instanceof OwnWorkflow
        || this instanceof DecidedBefore;
  }

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

  /** Something that must be said is not. */
  record Missing(String message) implements Refusal {
    @Override
    public String kind() {
      return "missing";
    }
  }

  /** Somebody else has the review. */
  record Held(String who, Instant until) implements Refusal {
    @Override
    public String kind() {
      return "held";
    }

    @Override
    public String message() {
      return "'"
          + who
          + "' has this review until "
          + until
          + "; wait for that, or have them release it";
    }
  }

  /** There is nothing to release. */
  record NotHeld() implements Refusal {
    @Override
    public String kind() {
      return "not_held";
    }

    @Override
    public String message() {
      return "nobody has this review, so there is nothing to release";
    }
  }

  /** One person has one vote. */
  record AlreadyVoted(String who) implements Refusal {
    @Override
    public String kind() {
      return "already_voted";
    }

    @Override
    public String message() {
      return "'" + who + "' has said so already; this review needs someone else beside them";
    }
  }

  /** The one who decided an earlier review of the workflow may not decide this one. */
  record DecidedBefore(String earlierReview) implements Refusal {
    @Override
    public String kind() {
      return "decided_before";
    }

    @Override
    public String message() {
      return "you decided "
          + earlierReview
          + " of this workflow, and this review needs somebody else";
    }
  }

  /** The review is no longer as it was shown. */
  record Changed(long version) implements Refusal {
    @Override
    public String kind() {
      return "changed";
    }

    @Override
    public String message() {
      return "the review has changed since you read it and is now at version "
          + version
          + "; read it again";
    }
  }

  /** It is not said what was read, and the service takes no decision without. */
  record Unseen() implements Refusal {
    @Override
    public String kind() {
      return "unseen";
    }

    @Override
    public String message() {
      return "decisions are taken only on what was read: GET the review, and send its ETag as"
          + " If-Match; with a batch send 'versions'";
    }
  }

  /** It cannot be handed to them, or not so. */
  record NoDelegation(String message) implements Refusal {
    @Override
    public String kind() {
      return "no_delegation";
    }
  }

  /** The task cannot be done again. */
  record NoChanges(String message) implements Refusal {
    @Override
    public String kind() {
      return "no_changes";
    }
  }

  /** The trail is as long as it may be. */
  record TrailFull(int most) implements Refusal {
    @Override
    public String kind() {
      return "trail_full";
    }

    @Override
    public String message() {
      return "the trail of this review has " + most + " entries; only decisions are taken now";
    }
  }

  /** The command id stands for something else. */
  record KeyReused(String commandId) implements Refusal {
    @Override
    public String kind() {
      return "key_reused";
    }

    @Override
    public String message() {
      return "the key '"
          + commandId
          + "' came with something else before; use another one for each thing you do";
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
