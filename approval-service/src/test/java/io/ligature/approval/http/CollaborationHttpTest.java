package io.ligature.approval.http;

import static io.ligature.approval.http.ReviewsOverHttp.as;
import static io.ligature.approval.http.ReviewsOverHttp.fresh;
import static io.ligature.approval.http.ReviewsOverHttp.post;
import static io.ligature.approval.review.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRule;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Working together on a review, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class CollaborationHttpTest {

  @Inject Registry registry;
  private ReviewsOverHttp reviews;

  @BeforeEach
  void awaitReady() {
    OpenReviews.awaitService();
    reviews = new ReviewsOverHttp(registry);
  }

  @Test
  void saysWhoHasAReviewToThoseWhoWantItToo() {
    String id = reviews.opened(fresh());
    post("eve", id, "claim", "")
        .then()
        .statusCode(200)
        .header("ETag", "\"2\"")
        .body("version", equalTo(2));

    post("bea", id, "approve", "{}")
        .then()
        .statusCode(409)
        .body("title", equalTo("Somebody has it"))
        .body("who", equalTo("eve"));
    as("bea").get("/reviews/" + id).then().body("claim.who", equalTo("eve"));
    post("olga", id, "release", "").then().statusCode(200);
    post("bea", id, "approve", "{}").then().statusCode(200);
  }

  @Test
  void handsAReviewOnlyToThoseWhoMayDecideIt() {
    String id = reviews.opened(fresh());

    post("eve", id, "delegate", "{\"to\":\"lee\"}")
        .then()
        .statusCode(422)
        .body("detail", equalTo("'lee' may not decide this review: it needs the role 'editor'"));
    post("eve", id, "delegate", "{\"to\":\"ann\"}").then().statusCode(422);
    post("eve", id, "delegate", "{\"to\":\"nobody\"}").then().statusCode(422);
    post("eve", id, "delegate", "{}").then().statusCode(422);
    post("eve", id, "delegate", "{\"to\":\"bea\",\"until\":\"soon\"}").then().statusCode(400);
    post("eve", id, "delegate", "{\"to\":\"bea\"}").then().statusCode(200);
    post("eve", id, "approve", "{}").then().statusCode(409);
    post("bea", id, "approve", "{}").then().statusCode(200);
  }

  @Test
  void givesTheAnswerOfAClaimAgainButNoneOfSomethingElseUnderItsKey() {
    String id = reviews.opened(fresh());
    as("eve").header("Idempotency-Key", "k7").post("/reviews/" + id + "/claim");

    as("eve")
        .header("Idempotency-Key", "k7")
        .post("/reviews/" + id + "/claim")
        .then()
        .statusCode(200)
        .body("version", equalTo(2));
    as("eve")
        .header("Idempotency-Key", "k7")
        .post("/reviews/" + id + "/release")
        .then()
        .statusCode(422)
        .body("title", equalTo("The key is used"));
    as("eve")
        .header("Idempotency-Key", "a b")
        .post("/reviews/" + id + "/release")
        .then()
        .statusCode(400);
  }

  @Test
  void letsOneSeeWhatOneActedOnEvenWhenOneMayNoLongerDecide() {
    ReviewRule named = Samples.rule("", 1, false, true, List.of("lee"));
    String id = reviews.opened(fresh().setRule(named));

    as("lee").get("/reviews/" + id).then().statusCode(200).body("mayDecide", equalTo(true));
    as("eve").get("/reviews/" + id).then().statusCode(403);
    post("lee", id, "approve", "{}").then().statusCode(200).body("role", equalTo("named"));
    as("lee").get("/reviews?status=decided").then().body("reviews.reviewId", hasItem(id));
  }

  @Test
  void tellsThoseWhoWatchWhatHappensToWhatTheyMaySee() throws Exception {
    NeedsReview.Builder review = fresh();
    String legal = "w-" + UUID.randomUUID() + ":editorial-review:1";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/review-events"))
              .header(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString("eve:pass-eve".getBytes(StandardCharsets.UTF_8)))
              .build();
      BlockingQueue<String> lines = new LinkedBlockingQueue<>();
      var response =
          client.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(new Lines(lines)));
      assertThat(lines.poll(20, TimeUnit.SECONDS)).startsWith(":");

      reviews.opened(request(legal).setRule(Samples.rule("legal", false, true)));
      String id = reviews.opened(review);

      List<String> seen = new ArrayList<>();
      while (seen.stream().noneMatch(line -> line.contains(id) && line.startsWith("data"))) {
        String line = lines.poll(20, TimeUnit.SECONDS);
        assertThat(line).as("after " + seen).isNotNull();
        seen.add(line);
      }
      assertThat(seen).contains("event:opened").noneMatch(line -> line.contains(legal));
      response.cancel(true);
      client.shutdownNow();
    }
  }

  private record Lines(BlockingQueue<String> lines) implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      lines.add(line);
    }

    @Override
    public void onError(Throwable failure) {
      lines.add("failed: " + failure);
    }

    @Override
    public void onComplete() {
      lines.add("the end");
    }
  }
}
