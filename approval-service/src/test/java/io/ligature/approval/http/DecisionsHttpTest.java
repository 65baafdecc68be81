package io.ligature.approval.http;

import static io.ligature.approval.http.ReviewsOverHttp.as;
import static io.ligature.approval.http.ReviewsOverHttp.fresh;
import static io.ligature.approval.http.ReviewsOverHttp.post;
import static io.ligature.approval.review.Samples.request;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deciding a review, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class DecisionsHttpTest {

  @Inject Registry registry;
  private ReviewsOverHttp reviews;

  @BeforeEach
  void awaitReady() {
    OpenReviews.awaitService();
    reviews = new ReviewsOverHttp(registry);
  }

  @Test
  void waitsForAsManyReviewersAsTheRuleWants() throws Exception {
    ReviewRule two = Samples.rule("editor", 2, false, true, List.of());
    String id = reviews.opened(fresh().setRule(two));

    post("eve", id, "approve", "{}")
        .then()
        .statusCode(200)
        .body("status", equalTo("open"))
        .body("standing", equalTo("1 of 2 approvals"));
    assertThat(reviews.decisionsOf(id)).isEmpty();
    post("eve", id, "approve", "{}").then().statusCode(409);
    post("bea", id, "approve", "{}").then().statusCode(200).body("decision", equalTo("approve"));

    as("vera")
        .get("/reviews/" + id)
        .then()
        .body("votes.who", contains("eve", "bea"))
        .body("approvals", equalTo(2));
    assertThat(reviews.decisionsOf(id)).hasSize(1);
  }

  @Test
  void refusesWhatWasReadBeforeItChanged() {
    String id = reviews.opened(fresh());
    String read = as("eve").get("/reviews/" + id).header("ETag");
    post("bea", id, "comments", "{\"text\":\"wait\"}").then().statusCode(200);

    as("eve")
        .header("If-Match", read)
        .post("/reviews/" + id + "/approve")
        .then()
        .statusCode(412)
        .contentType("application/problem+json")
        .body("title", equalTo("The review has changed"));
    as("eve").header("If-Match", "W/x").post("/reviews/" + id + "/approve").then().statusCode(400);
    String again = as("eve").get("/reviews/" + id).header("ETag");
    as("eve").header("If-Match", again).post("/reviews/" + id + "/approve").then().statusCode(200);
  }

  @Test
  void decidesAndWritesWhoWhenWhyAndInWhichRole() throws Exception {
    String id = reviews.opened(fresh());

    post("eve", id, "approve", "{\"reason\":\"checked the numbers\"}")
        .then()
        .statusCode(200)
        .body("decision", equalTo("approve"))
        .body("reviewer", equalTo("eve"))
        .body("role", equalTo("editor"))
        .body("reason", equalTo("checked the numbers"));

    assertThat(reviews.decisionsOf(id))
        .singleElement()
        .satisfies(decision -> assertThat(decision.getReviewer()).isEqualTo("eve"));
    as("eve").get("/reviews/" + id).then().body("status", equalTo("decided"));
    as("eve").get("/reviews").then().body("reviews.reviewId", not(hasItem(id)));
    as("eve").get("/reviews?status=decided").then().body("reviews.reviewId", hasItem(id));
  }

  @Test
  void decidesAReviewOfATaskDeepInATreeOfWorkflows() throws Exception {
    String root = "w-" + UUID.randomUUID();
    String workflow = root + ":sub:1";
    String id =
        reviews.opened(
            request(workflow + ":fan[7].draft~2.check:1")
                .setWorkflowId(workflow)
                .setRootWorkflowId(root)
                .setTask("fan[7].draft~2.check"));

    post("eve", id, "approve", "{\"reason\":\"checked the numbers\"}").then().statusCode(200);

    assertThat(reviews.decisionsOf(id))
        .singleElement()
        .returns(workflow, ReviewDecision::getWorkflowId)
        .returns(root, ReviewDecision::getRootWorkflowId);
    assertThat(Decisions.locationOf(id).getPath()).isEqualTo("/reviews/" + id);
  }

  @Test
  void showsTheWinnerToTheSecondAndRemembersThem() throws Exception {
    String id = reviews.opened(fresh());
    post("eve", id, "approve", "{}").then().statusCode(200);

    post("stan", id, "reject", "{\"reason\":\"too short\"}")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("winner.reviewer", equalTo("eve"))
        .body("winner.decision", equalTo("approve"));

    as("vera")
        .get("/reviews/" + id)
        .then()
        .body("refused.reviewer", contains("stan"))
        .body("refused.kind", contains("already_decided"));
    assertThat(reviews.decisionsOf(id)).hasSize(1);
  }

  @Test
  void givesTheSameAnswerToTheSameKey() throws Exception {
    String id = reviews.opened(fresh());

    Response first = as("eve").header("Idempotency-Key", "k1").post("/reviews/" + id + "/approve");
    Response second = as("eve").header("Idempotency-Key", "k1").post("/reviews/" + id + "/approve");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.jsonPath().getString("decisionId")).isEqualTo("k1");
    assertThat(second.asString()).isEqualTo(first.asString());
    assertThat(reviews.decisionsOf(id)).hasSize(1);
  }

  @Test
  void takesAnEditTheSchemaAllows() throws Exception {
    String id = reviews.opened(fresh());

    post("eve", id, "edit-and-approve", "{\"output\":{\"summary\":\"salt\"},\"reason\":\"x\"}")
        .then()
        .statusCode(200)
        .body("editedOutput.summary", equalTo("salt"));

    assertThat(reviews.decisionsOf(id))
        .singleElement()
        .satisfies(decision -> assertThat(decision.getEditedOutput()).isNotNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "edit-and-approve | {\"output\":{\"summary\":3}} | 422 | The edit is not valid",
        "edit-and-approve | {\"reason\":\"x\"} | 400 | Not a valid request",
        "approve | {\"output\":{}} | 400 | Not a valid request",
        "approve | [] | 400 | Not a valid request",
        "approve | {\"reason\":7} | 400 | Not a valid request",
        "approve | {nonsense | 400 | Not a valid request",
        "reject | {} | 422 | A reason is missing",
        "abort | {} | 422 | Something is missing",
        "request-changes | {\"reason\":\"x\"} | 422 | No changes",
        "comments | {} | 422 | Something is missing",
        "claim | {\"to\":\"eve\"} | 400 | Not a valid request",
      })
  void saysWhatIsWrongWithADecision(String action, String body, int status, String title) {
    String id = reviews.opened(fresh());

    post("eve", id, action, body)
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("title", equalTo(title));
    as("eve").get("/reviews/" + id).then().body("status", equalTo("open"));
  }

  @Test
  void listsTheViolationsOfAnEdit() {
    String id = reviews.opened(fresh());

    post("eve", id, "edit-and-approve", "{\"output\":{\"summary\":3}}")
        .then()
        .body("violations", contains("/summary: integer found, string expected"));
  }

  @Test
  void namesTheRoleThatIsMissing() {
    String id = reviews.opened(fresh());

    post("lee", id, "approve", "{}")
        .then()
        .statusCode(403)
        .body("role", equalTo("editor"))
        .body("detail", equalTo("deciding this review needs the role 'editor'"));
  }

  @Test
  void remembersWhoWantedWhatIsNotTheirs() {
    String id = reviews.opened(fresh());
    double before = refusals("wrong_role");

    for (int i = 0; i < 7; i++) {
      post("vera", id, "approve", "{\"reason\":\"the secret why\"}")
          .then()
          .statusCode(403)
          .body("kind", equalTo("wrong_role"));
    }
    post("lee", id, "approve", "{}").then().statusCode(403);

    Response trail = as("aud").get("/reviews/" + id + "/trail");
    List<JsonPath> lines = trail.asString().lines().map(JsonPath::new).toList();
    assertThat(lines)
        .extracting(line -> line.getString("kind"), line -> line.getString("who"))
        .containsExactly(
            tuple("opened", null),
            tuple("refused", "vera"),
            tuple("refused", "vera"),
            tuple("refused", "vera"),
            tuple("refused", "vera"),
            tuple("refused", "vera"));
    assertThat(lines.get(1))
        .returns("approve", line -> line.getString("wanted"))
        .returns("wrong_role", line -> line.getString("refusal"))
        .returns(null, line -> line.getString("seen"));
    assertThat(trail.asString()).doesNotContain("the secret why");
    assertThat(refusals("wrong_role") - before).isEqualTo(8);
    as("eve").get("/reviews/" + id).then().header("ETag", "\"1\"");
  }

  @Test
  void remembersWhoWantedToDecideOnTheirOwnWorkflow() {
    String id = reviews.opened(fresh().setRule(Samples.rule("editor", true, true)));

    post("stan", id, "approve", "{}").then().statusCode(403).body("kind", equalTo("four_eyes"));

    as("aud")
        .get("/reviews/" + id)
        .then()
        .body("refused.reviewer", contains("stan"))
        .body("refused.kind", contains("four_eyes"));
  }

  @ParameterizedTest
  @CsvSource({
    "eve, release, {}, 409, not_held",
    "eve, edit-and-approve, '{\"output\":{\"summary\":1}}', 422, invalid_edit",
    "eve, reject, {}, 422, reason_missing",
    "ann, approve, {}, 404, unknown",
  })
  void countsWhatNeverReachesTheReview(
      String user, String action, String body, int status, String kind) {
    String id = reviews.opened(fresh());
    double before = refusals(kind);

    post(user, id, action, body).then().statusCode(status);

    assertThat(refusals(kind) - before).isEqualTo(1);
    as("aud").get("/reviews/" + id).then().body("refused", hasSize(0));
  }

  @Test
  void countsWhatIsWantedOfAReviewThatIsNot() {
    double before = refusals("unknown");

    post("eve", "w-none:gate:1", "approve", "{}").then().statusCode(404);

    assertThat(refusals("unknown") - before).isEqualTo(1);
  }

  /** No test of this class runs beside another. */
  private static double refusals(String kind) {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("ligature_reviews_refusals_total{kind=\"" + kind + "\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
        .sum();
  }

  @Test
  void refusesAWithdrawnReview() {
    String id = reviews.opened(fresh());
    new OpenReviews(registry).withdraw(id);

    post("eve", id, "approve", "{}")
        .then()
        .statusCode(409)
        .body("title", equalTo("No longer needed"));
  }

  @Test
  void countsOpenReviewsAndDecisions() {
    String id = reviews.opened(fresh());
    post("eve", id, "approve", "{}").then().statusCode(200);

    String metrics = given().get("/q/metrics").asString();
    assertThat(metrics)
        .contains("ligature_reviews_open")
        .contains("ligature_reviews_decisions_total{decision=\"approve\"}")
        .contains("ligature_reviews_age_seconds");
  }
}
