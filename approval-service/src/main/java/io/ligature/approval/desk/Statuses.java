package io.ligature.approval.desk;

import io.ligature.approval.review.Refusal;

/** HTTP statuses of refusals. */
public final class Statuses {

  private Statuses() {}

  public static int of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed any -> 400;
      case Refusal.WrongRole any -> 403;
      case Refusal.OwnWorkflow any -> 403;
      case Refusal.DecidedBefore any -> 403;
      case Refusal.Unknown any -> 404;
      case Refusal.AlreadyDecided any -> 409;
      case Refusal.NoLongerNeeded any -> 409;
      case Refusal.Expired any -> 409;
      case Refusal.Held any -> 409;
      case Refusal.NotHeld any -> 409;
      case Refusal.AlreadyVoted any -> 409;
      case Refusal.TrailFull any -> 409;
      case Refusal.Changed any -> 412;
      case Refusal.Unseen any -> 428;
      case Refusal.EditNotAllowed any -> 422;
      case Refusal.InvalidEdit any -> 422;
      case Refusal.OutputMissing any -> 422;
      case Refusal.ReasonMissing any -> 422;
      case Refusal.Missing any -> 422;
      case Refusal.NoDelegation any -> 422;
      case Refusal.NoChanges any -> 422;
      case Refusal.KeyReused any -> 422;
    };
  }
}
