package io.ligature.approval.http;

import static io.ligature.approval.http.ReviewsOverHttp.as;
import static io.ligature.approval.http.ReviewsOverHttp.fresh;
import static io.ligature.approval.http.ReviewsOverHttp.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deciding many reviews at once, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class BatchHttpTest {

  @Inject Registry registry;
  private ReviewsOverHttp reviews;

  @BeforeEach
  void awaitReady() {
    OpenReviews.awaitService();
    reviews = new ReviewsOverHttp(registry);
  }

  @Test
  void decidesAllThatAFilterNamesEachByItself() throws Exception {
    String task = "t" + UUID.randomUUID();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(reviews.opened(fresh().setTask(task)));
    }
    String fourEyes =
        reviews.opened(fresh().setTask(task).setRule(Samples.rule("editor", true, true)));
    String legal =
        reviews.opened(fresh().setTask(task).setRule(Samples.rule("legal", false, true)));

    as("stan")
        .post("/review-batches/approve?dryRun=true&task=" + task)
        .then()
        .statusCode(200)
        .body("results.reviewId", hasItem(ids.get(0)))
        .body("results.reviewId", not(hasItem(legal)));
    assertThat(reviews.decisionsOf(ids.get(0))).isEmpty();
    for (int again = 0; again < 2; again++) {
      as("stan")
          .header("Idempotency-Key", "b1-" + task)
          .post("/review-batches/approve?task=" + task)
          .then()
          .statusCode(200);
    }

    for (String id : ids) {
      assertThat(reviews.decisionsOf(id)).hasSize(1);
    }
    assertThat(reviews.decisionsOf(fourEyes)).isEmpty();
    as("eve").post("/review-batches/reject?task=" + task).then().statusCode(400);
    as("-").post("/review-batches/approve?task=" + task).then().statusCode(401);
    as("vera")
        .post("/review-batches/approve?task=" + task)
        .then()
        .body("results", org.hamcrest.Matchers.hasSize(0));
  }

  @Test
  void leavesAloneInABatchWhatWasNotReadAsItIs() throws Exception {
    String task = "t" + UUID.randomUUID();
    String read = reviews.opened(fresh().setTask(task));
    String changed = reviews.opened(fresh().setTask(task));
    JsonPath listed = as("eve").post("/review-batches/approve?dryRun=true&task=" + task).jsonPath();
    assertThat(listed.getList("results.version", Integer.class)).containsExactly(1, 1);
    post("bea", changed, "comments", "{\"text\":\"wait\"}").then().statusCode(200);
    String late = reviews.opened(fresh().setTask(task));

    JsonPath done =
        as("eve")
            .contentType("application/json")
            .body("{\"versions\":{\"" + read + "\":1,\"" + changed + "\":1}}")
            .post("/review-batches/approve?task=" + task)
            .jsonPath();

    Map<String, Integer> statuses = new HashMap<>();
    for (Map<String, Object> result : done.<Map<String, Object>>getList("results")) {
      statuses.put((String) result.get("reviewId"), (Integer) result.get("status"));
    }
    assertThat(statuses).isEqualTo(Map.of(read, 200, changed, 412, late, 428));
    assertThat(reviews.decisionsOf(read)).hasSize(1);
    assertThat(as("aud").get("/reviews/" + read + "/trail").asString())
        .contains("\"kind\":\"voted\"")
        .doesNotContain("\"seen\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]", "7", "{\"w1\":\"1\"}", "{\"w1\":1.5}", "{\"w1\":null}"})
  void refusesVersionsThatAreNone(String versions) {
    as("eve")
        .contentType("application/json")
        .body("{\"versions\":" + versions + "}")
        .post("/review-batches/approve?task=none")
        .then()
        .statusCode(400);
  }

  /** A slip in a parameter decides nothing that was not meant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "defintion=x | there is no parameter 'defintion' here; known are [claim,",
        "status=open | there is no parameter 'status' here",
        "dryRun=1 | dryRun: '1' is none of true, false",
        "dryRun=True | dryRun: 'True' is none of true, false",
        "dryRun | dryRun: it is empty; give a value or leave it out",
        "definition= | definition: it is empty",
        "dryRun=true&dryRun=false | dryRun: give it once",
      })
  void decidesNothingTogetherWhenAParameterIsWrong(String query, String detail) {
    String task = "t" + UUID.randomUUID();
    String id = reviews.opened(fresh().setTask(task));

    as("eve")
        .urlEncodingEnabled(false)
        .post("/review-batches/approve?task=" + task + "&" + query)
        .then()
        .statusCode(400)
        .body("detail", startsWith(detail));

    as("eve").get("/reviews/" + id).then().body("status", equalTo("open"));
  }

  @Test
  void holdsNoBatchToAVersion() {
    String task = "t" + UUID.randomUUID();
    String id = reviews.opened(fresh().setTask(task));

    as("eve")
        .header("If-Match", "\"7\"")
        .post("/review-batches/approve?task=" + task)
        .then()
        .statusCode(400)
        .body("detail", startsWith("If-Match: a batch has no version"));

    as("eve").get("/reviews/" + id).then().body("status", equalTo("open"));
  }
}
