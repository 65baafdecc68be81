package io.ligature.approval.http;

import static io.ligature.approval.review.Samples.request;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.wire.RecordCodec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ReviewsHttpTest {

  @Inject Registry registry;

  @BeforeEach
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  @Test
  void saysWhoHasAReviewToThoseWhoWantItToo() {
    String id = opened(fresh());
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
    String id = opened(fresh());

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
  void waitsForAsManyReviewersAsTheRuleWants() throws Exception {
    ReviewRule two = Samples.rule("editor", 2, false, true, List.of());
    String id = opened(fresh().setRule(two));

    post("eve", id, "approve", "{}")
        .then()
        .statusCode(200)
        .body("status", equalTo("open"))
        .body("standing", equalTo("1 of 2 approvals"));
    assertThat(decisionsOf(id)).isEmpty();
    post("eve", id, "approve", "{}").then().statusCode(409);
    post("bea", id, "approve", "{}").then().statusCode(200).body("decision", equalTo("approve"));

    as("vera")
        .get("/reviews/" + id)
        .then()
        .body("votes.who", contains("eve", "bea"))
        .body("approvals", equalTo(2));
    assertThat(decisionsOf(id)).hasSize(1);
  }

  @Test
  void refusesWhatWasReadBeforeItChanged() {
    String id = opened(fresh());
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
  void writesATrailOfWhoDidWhatOnWhatTheySaw() {
    String id = opened(fresh());
    Response shown = as("eve").get("/reviews/" + id);
    as("eve")
        .header("If-Match", shown.header("ETag"))
        .header("User-Agent", "curl/8\u00e9")
        .post("/reviews/" + id + "/approve")
        .then()
        .statusCode(200);
    post("bea", id, "reject", "{\"reason\":\"late\"}").then().statusCode(409);

    Response trail = as("vera").get("/reviews/" + id + "/trail");
    assertThat(trail.contentType()).startsWith("application/jsonl");
    List<JsonPath> lines = trail.asString().lines().map(JsonPath::new).toList();
    assertThat(lines)
        .extracting(line -> line.getString("kind"))
        .containsExactly("opened", "voted", "decided", "refused");
    assertThat(lines.get(1))
        .returns("eve", line -> line.getString("who"))
        .returns("editor", line -> line.getString("role"))
        .returns("127.0.0.1 curl/8?", line -> line.getString("client"))
        .returns(shown.jsonPath().getString("contextSha256"), line -> line.getString("seen"));
    assertThat(lines.get(3).getString("previous")).isEqualTo(lines.get(2).getString("hash"));
  }

  @Test
  void givesTheAnswerOfAClaimAgainButNoneOfSomethingElseUnderItsKey() {
    String id = opened(fresh());
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
    String id = opened(fresh().setRule(named));

    as("lee").get("/reviews/" + id).then().statusCode(200).body("mayDecide", equalTo(true));
    as("eve").get("/reviews/" + id).then().statusCode(403);
    post("lee", id, "approve", "{}").then().statusCode(200).body("role", equalTo("named"));
    as("lee").get("/reviews?status=decided").then().body("reviews.reviewId", hasItem(id));
  }

  @Test
  void showsAllThatIsNeededToDecide() {
    String id = opened(fresh());

    as("eve")
        .get("/reviews/" + id)
        .then()
        .statusCode(200)
        .body("status", equalTo("open"))
        .body("rule.role", equalTo("editor"))
        .body("mayDecide", equalTo(true))
        .body("reason", equalTo("the definition asks for it"))
        .body("subject.summary", equalTo("wind"))
        .body("outputSchema.required", contains("summary"))
        .body("evidence[0].agent", equalTo("summarise-rank"))
        .body("evidence[0].cost", equalTo("0.01"))
        .body("evidence[0].confidence", equalTo(0.83f))
        .body("evidence[0].earlierAttempts[0].failure.kind", equalTo("low_confidence"))
        .body("onApproval", contains("report"))
        .body("consequences[0].task", equalTo("report"))
        .body("consequences[0].path", equalTo("approval"))
        .body("consequences[0].attempts", equalTo(24))
        .body("consequences[0].maxCost", equalTo("2.40"))
        .body("worstCase.approval.maxCost", equalTo("0.45"))
        .body("worstCase.rejection.more", equalTo(0))
        .body("onRejection", contains("the workflow fails"))
        .body("budget.spent", equalTo("0.05"))
        .body("budget.remaining", equalTo("0.45"))
        .body("budget.currency", equalTo("USD"))
        .body("decision", nullValue());
    as("vera").get("/reviews/" + id).then().body("mayDecide", equalTo(false));
  }

  @Test
  void decidesAndWritesWhoWhenWhyAndInWhichRole() throws Exception {
    String id = opened(fresh());

    post("eve", id, "approve", "{\"reason\":\"checked the numbers\"}")
        .then()
        .statusCode(200)
        .body("decision", equalTo("approve"))
        .body("reviewer", equalTo("eve"))
        .body("role", equalTo("editor"))
        .body("reason", equalTo("checked the numbers"));

    assertThat(decisionsOf(id))
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
        opened(
            request(workflow + ":fan[7].draft~2.check:1")
                .setWorkflowId(workflow)
                .setRootWorkflowId(root)
                .setTask("fan[7].draft~2.check"));

    post("eve", id, "approve", "{\"reason\":\"checked the numbers\"}").then().statusCode(200);

    assertThat(decisionsOf(id))
        .singleElement()
        .returns(workflow, ReviewDecision::getWorkflowId)
        .returns(root, ReviewDecision::getRootWorkflowId);
    assertThat(Decisions.locationOf(id).getPath()).isEqualTo("/reviews/" + id);
  }

  @Test
  void showsTheWinnerToTheSecondAndRemembersThem() throws Exception {
    String id = opened(fresh());
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
    assertThat(decisionsOf(id)).hasSize(1);
  }

  @Test
  void givesTheSameAnswerToTheSameKey() throws Exception {
    String id = opened(fresh());

    Response first = as("eve").header("Idempotency-Key", "k1").post("/reviews/" + id + "/approve");
    Response second = as("eve").header("Idempotency-Key", "k1").post("/reviews/" + id + "/approve");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.jsonPath().getString("decisionId")).isEqualTo("k1");
    assertThat(second.asString()).isEqualTo(first.asString());
    assertThat(decisionsOf(id)).hasSize(1);
  }

  @Test
  void takesAnEditTheSchemaAllows() throws Exception {
    String id = opened(fresh());

    post("eve", id, "edit-and-approve", "{\"output\":{\"summary\":\"salt\"},\"reason\":\"x\"}")
        .then()
        .statusCode(200)
        .body("editedOutput.summary", equalTo("salt"));

    assertThat(decisionsOf(id))
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
    String id = opened(fresh());

    post("eve", id, action, body)
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("title", equalTo(title));
    as("eve").get("/reviews/" + id).then().body("status", equalTo("open"));
  }

  @Test
  void listsTheViolationsOfAnEdit() {
    String id = opened(fresh());

    post("eve", id, "edit-and-approve", "{\"output\":{\"summary\":3}}")
        .then()
        .body("violations", contains("/summary: integer found, string expected"));
  }

  @Test
  void namesTheRoleThatIsMissing() {
    String id = opened(fresh());

    post("lee", id, "approve", "{}")
        .then()
        .statusCode(403)
        .body("role", equalTo("editor"))
        .body("detail", equalTo("deciding this review needs the role 'editor'"));
  }

  @Test
  void remembersWhoWantedWhatIsNotTheirs() {
    String id = opened(fresh());
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
    String id = opened(fresh().setRule(Samples.rule("editor", true, true)));

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
    String id = opened(fresh());
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
    NeedsReview.Builder review = fresh();
    String id = opened(review);
    write(review.getWorkflowId(), Samples.withdrawn(id));
    Awaitility.await()
        .until(
            () ->
                as("eve").get("/reviews/" + id).jsonPath().getString("status").equals("withdrawn"));

    post("eve", id, "approve", "{}")
        .then()
        .statusCode(409)
        .body("title", equalTo("No longer needed"));
  }

  @Test
  void listsOnlyWhatOneMayDecideUnlessOneMaySeeAll() {
    String mine = opened(fresh());
    String legal = opened(fresh().setRule(Samples.rule("legal", false, true)));
    String foreign = openedUnseen(fresh().setTenant("acme"));

    as("eve")
        .get("/reviews?limit=200")
        .then()
        .body("reviews.reviewId", hasItem(mine))
        .body("reviews.reviewId", not(hasItem(legal)));
    as("vera")
        .get("/reviews?limit=200")
        .then()
        .body("reviews.reviewId", hasItem(mine))
        .body("reviews.reviewId", hasItem(legal))
        .body("reviews.reviewId", not(hasItem(foreign)));
    as("ann").get("/reviews").then().body("reviews.reviewId", hasItem(foreign));
  }

  @Test
  void pagesThroughAllPartitionsInOneOrder() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(
          opened(
              fresh()
                  .setRule(Samples.rule("legal", false, true))
                  .setRequestedAt(Samples.T0.plusSeconds(1000 + i))));
    }

    List<String> paged = new ArrayList<>();
    String next = "";
    while (next != null) {
      Response page = as("lee").get("/reviews?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next));
      assertThat(page.statusCode()).isEqualTo(200);
      List<String> pageIds = page.jsonPath().getList("reviews.reviewId");
      assertThat(pageIds).hasSizeLessThanOrEqualTo(2);
      paged.addAll(pageIds);
      next = page.jsonPath().getString("next");
    }

    assertThat(paged).doesNotHaveDuplicates().containsSubsequence(ids);
  }

  @ParameterizedTest
  @CsvSource({
    "definition=research-report, true",
    "definition=other, false",
    "requester=stan, true",
    "requester=eve, false",
    "role=editor, true",
    "role=legal, false",
    "claim=none, true",
    "claim=eve, false",
    "expiresBefore=2099-01-01T00:00:00Z, false",
  })
  void listsWhatTheFilterNames(String query, boolean found) {
    String id = opened(fresh());
    String own = query + "&workflow=" + id.substring(0, id.indexOf(':'));

    assertThat(as("eve").get("/reviews?" + own).jsonPath().getList("reviews.reviewId"))
        .isEqualTo(found ? List.of(id) : List.of());
  }

  @Test
  void decidesAllThatAFilterNamesEachByItself() throws Exception {
    String task = "t" + UUID.randomUUID();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(opened(fresh().setTask(task)));
    }
    String fourEyes = opened(fresh().setTask(task).setRule(Samples.rule("editor", true, true)));
    String legal = opened(fresh().setTask(task).setRule(Samples.rule("legal", false, true)));

    as("stan")
        .post("/review-batches/approve?dryRun=true&task=" + task)
        .then()
        .statusCode(200)
        .body("results.reviewId", hasItem(ids.get(0)))
        .body("results.reviewId", not(hasItem(legal)));
    assertThat(decisionsOf(ids.get(0))).isEmpty();
    for (int again = 0; again < 2; again++) {
      as("stan")
          .header("Idempotency-Key", "b1-" + task)
          .post("/review-batches/approve?task=" + task)
          .then()
          .statusCode(200);
    }

    for (String id : ids) {
      assertThat(decisionsOf(id)).hasSize(1);
    }
    assertThat(decisionsOf(fourEyes)).isEmpty();
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
    String read = opened(fresh().setTask(task));
    String changed = opened(fresh().setTask(task));
    JsonPath listed = as("eve").post("/review-batches/approve?dryRun=true&task=" + task).jsonPath();
    assertThat(listed.getList("results.version", Integer.class)).containsExactly(1, 1);
    post("bea", changed, "comments", "{\"text\":\"wait\"}").then().statusCode(200);
    String late = opened(fresh().setTask(task));

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
    assertThat(decisionsOf(read)).hasSize(1);
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

      opened(request(legal).setRule(Samples.rule("legal", false, true)));
      String id = opened(review);

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

  @ParameterizedTest
  @CsvSource({
    "status=lost",
    "expiresBefore=soon",
    "limit=0",
    "limit=201",
    "limit=ten",
    "definition=",
    "status=",
    "cursor=%21",
    "cursor=ZGVjaWRlZC8",
    "decision=approved",
    "decision=edit-and-approve",
    "defintion=daily-digest",
    "task=a&task=b",
  })
  void refusesAListItCannotGive(String query) {
    as("eve").urlEncodingEnabled(false).get("/reviews?" + query).then().statusCode(400);
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
    String id = opened(fresh().setTask(task));

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
    String id = opened(fresh().setTask(task));

    as("eve")
        .header("If-Match", "\"7\"")
        .post("/review-batches/approve?task=" + task)
        .then()
        .statusCode(400)
        .body("detail", startsWith("If-Match: a batch has no version"));

    as("eve").get("/reviews/" + id).then().body("status", equalTo("open"));
  }

  @Test
  void countsOpenReviewsAndDecisions() {
    String id = opened(fresh());
    post("eve", id, "approve", "{}").then().statusCode(200);

    String metrics = given().get("/q/metrics").asString();
    assertThat(metrics)
        .contains("ligature_reviews_open")
        .contains("ligature_reviews_decisions_total{decision=\"approve\"}")
        .contains("ligature_reviews_age_seconds");
  }

  @Test
  void isDescribedInTheDocumentation() throws Exception {
    Path documented = Path.of("../docs/openapi/approval-service.yaml");
    String now = new String(given().get("/q/openapi").asByteArray(), StandardCharsets.UTF_8);
    Files.writeString(Path.of("target/approval-service.yaml"), now);

    assertThat(now)
        .as("copy approval-service/target/approval-service.yaml to docs/openapi")
        .isEqualTo(Files.exists(documented) ? Files.readString(documented) : "");
  }

  private static NeedsReview.Builder fresh() {
    return request("w-" + UUID.randomUUID() + ":editorial-review:1");
  }

  private String opened(NeedsReview.Builder review) {
    String id = openedUnseen(review);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> as("vera").get("/reviews/" + id).statusCode() == 200);
    return id;
  }

  private String openedUnseen(NeedsReview.Builder review) {
    NeedsReview built = review.build();
    write(built.getRootWorkflowId(), built);
    if (built.getTenant().equals("acme")) {
      Awaitility.await()
          .until(() -> as("ann").get("/reviews/" + built.getReviewId()).statusCode() == 200);
    }
    return built.getReviewId();
  }

  private void write(String key, SpecificRecord record) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  BrokerResource.TOPICS.reviewsNeeded(),
                  key.getBytes(StandardCharsets.UTF_8),
                  new RecordCodec(registry.connect()).encode(record)))
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<ReviewDecision> decisionsOf(String reviewId) throws Exception {
    RecordCodec codec = new RecordCodec(registry.connect());
    List<ReviewDecision> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                KafkaFixture.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(BrokerResource.TOPICS.reviewsDecided(), 0),
              new TopicPartition(BrokerResource.TOPICS.reviewsDecided(), 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (codec.decode(record.value()) instanceof ReviewDecision decision
              && decision.getReviewId().equals(reviewId)) {
            found.add(decision);
          }
        }
      }
    }
    return found;
  }

  private static Response post(String user, String id, String action, String body) {
    return as(user)
        .contentType("application/json")
        .body(body)
        .post("/reviews/" + id + "/" + action);
  }

  private static RequestSpecification as(String user) {
    if (user.equals("-")) {
      return given();
    }
    return given()
        .auth()
        .preemptive()
        .basic(user.replace("!", ""), user.endsWith("!") ? "no" : "pass-" + user);
  }
}
