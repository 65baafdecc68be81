package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Clockwork;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.review.Standing;
import io.ligature.schemas.wire.Payloads;

/** How far a review is, as the API shows it. */
final class Standings {

  private Standings() {}

  static void put(ObjectNode view, Review review) {
    Standing standing = review.standing();
    Reviewers.rolesOf(review).forEach(view.putArray("decidableBy")::add);
    Standing.Hold hold = standing.hold();
    if (hold == null || !(review instanceof Review.Open)) {
      view.putNull("claim");
    } else {
      view.putObject("claim")
          .put("who", hold.who())
          .put("until", hold.until().toString())
          .put("from", hold.from())
          .put("depth", hold.depth());
    }
    view.put("approvals", standing.approvals()).put("rejections", standing.rejections());
    ArrayNode votes = view.putArray("votes");
    for (Standing.Vote vote : standing.votes()) {
      votes
          .addObject()
          .put("who", vote.who())
          .put("role", vote.role())
          .put("decision", vote.decision().name())
          .put("reason", vote.reason())
          .put("at", vote.at().toString());
    }
    view.set("diff", diff(standing));
    view.put("reminders", standing.reminders());
    view.put("nextDueAt", Clockwork.next(review).map(Object::toString).orElse(null));
  }

  private static JsonNode diff(Standing standing) {
    String diff = standing.diff();
    if (diff == null) {
      return NullNode.instance;
    }
    try {
      return Payloads.JSON.readTree(diff);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON Patch is not what was written", e);
    }
  }
}
