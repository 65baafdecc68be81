package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.Source;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;

/** Answers with what came of a reviewer's wish. */
@ApplicationScoped
class Decisions {

  private final ReviewRuntime reviews;
  private final Desk desk;

  Decisions(ReviewRuntime reviews, Desk desk) {
    this.reviews = reviews;
    this.desk = desk;
  }

  Response take(Person person, String reviewId, Wish wish, Asked asked) {
    Review review =
        reviews.find(reviewId).orElseThrow(() -> unknown(person, reviewId, wish, asked));
    Source source = asked.source();
    return desk.take(person, review, wish, source)
        .map(outcome -> response(outcome, source.key(), reviewId))
        .orElseGet(() -> pending(source.key(), reviewId));
  }

  private Problem unknown(Person person, String reviewId, Wish wish, Asked asked) {
    Refusal refusal = new Refusal.Unknown(reviewId);
    desk.turnedDown(person, reviewId, wish.word(), asked.client(), refusal);
    return Problem.of(refusal);
  }

  private static Response response(Outcome outcome, String key, String reviewId) {
    return switch (outcome) {
      case Outcome.Accepted accepted ->
          Response.ok(ReviewView.decision(accepted.decision())).build();
      case Outcome.Repeated repeated ->
          Response.ok(ReviewView.decision(repeated.decision())).build();
      case Outcome.Noted(long version, String standing) ->
          Response.ok(
                  about(key, reviewId)
                      .put("status", "open")
                      .put("version", version)
                      .put("standing", standing))
              .header("ETag", etag(version))
              .build();
      case Outcome.Refused refused -> throw Problem.of(refused.refusal());
    };
  }

  static String etag(long version) {
    return "\"" + version + "\"";
  }

  private static Response pending(String key, String reviewId) {
    ObjectNode body =
        about(key, reviewId)
            .put("detail", "it is stored but has not taken effect yet; show the review");
    return Response.accepted(body).location(locationOf(reviewId)).build();
  }

  private static ObjectNode about(String key, String reviewId) {
    return Payloads.JSON.createObjectNode().put("commandId", key).put("reviewId", reviewId);
  }

  /** The id names a task path, which may hold what an address may not. */
  static URI locationOf(String reviewId) {
    return UriBuilder.fromPath("/reviews/{id}").build(reviewId);
  }
}
