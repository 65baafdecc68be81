package io.ligature.approval.http;

import static io.ligature.approval.http.ReviewsOverHttp.as;
import static io.ligature.approval.http.ReviewsOverHttp.fresh;
import static io.ligature.approval.http.ReviewsOverHttp.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading reviews, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ReviewsHttpTest {

  @Inject Registry registry;
  private ReviewsOverHttp reviews;

  @BeforeEach
  void awaitReady() {
    OpenReviews.awaitService();
    reviews = new ReviewsOverHttp(registry);
  }

  @Test
  void writesATrailOfWhoDidWhatOnWhatTheySaw() {
    String id = reviews.opened(fresh());
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
  void showsAllThatIsNeededToDecide() {
    String id = reviews.opened(fresh());

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
  void listsOnlyWhatOneMayDecideUnlessOneMaySeeAll() {
    String mine = reviews.opened(fresh());
    String legal = reviews.opened(fresh().setRule(Samples.rule("legal", false, true)));
    String foreign = reviews.openedUnseen(fresh().setTenant("acme"));

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
          reviews.opened(
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
    String id = reviews.opened(fresh());
    String own = query + "&workflow=" + id.substring(0, id.indexOf(':'));

    assertThat(as("eve").get("/reviews?" + own).jsonPath().getList("reviews.reviewId"))
        .isEqualTo(found ? List.of(id) : List.of());
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

  @Test
  void isDescribedInTheDocumentation() throws Exception {
    Path documented = Path.of("../docs/openapi/approval-service.yaml");
    String now = new String(given().get("/q/openapi").asByteArray(), StandardCharsets.UTF_8);
    Files.writeString(Path.of("target/approval-service.yaml"), now);

    assertThat(now)
        .as("copy approval-service/target/approval-service.yaml to docs/openapi")
        .isEqualTo(Files.exists(documented) ? Files.readString(documented) : "");
  }
}
