package io.ligature.approval.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the settings want to know what a decision was made on. */
@QuarkusTest
@TestProfile(SeenIsWantedTest.Wanted.class)
@QuarkusTestResource(BrokerResource.class)
class SeenIsWantedTest {

  public static final class Wanted implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("ligature.approval.decisions.require-if-match", "true");
    }
  }

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "approve | {}",
        "reject | {\"reason\":\"no\"}",
        "edit-and-approve | {\"output\":{\"summary\":\"salt\"}}",
        "abort | {\"reason\":\"no\"}",
      })
  void takesNoDecisionWithoutWhatWasRead(String action, String body) {
    String id = reviews.open(OpenReviews.fresh());

    json("eve", body)
        .post("/reviews/{id}/" + action, id)
        .then()
        .statusCode(428)
        .contentType("application/problem+json")
        .body("kind", equalTo("unseen"))
        .body("detail", containsString("send its ETag as If-Match"));
    json("eve", body)
        .header("If-Match", "*")
        .post("/reviews/{id}/" + action, id)
        .then()
        .statusCode(428);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void recordsWhatWasRead() {
    String id = reviews.open(OpenReviews.fresh());
    Response shown = as("eve").get("/reviews/{id}", id);

    json("eve", "{}")
        .header("If-Match", shown.header("ETag"))
        .post("/reviews/{id}/approve", id)
        .then()
        .statusCode(200);

    assertThat(as("aud").get("/reviews/{id}/trail", id).asString())
        .contains("\"seen\":\"" + shown.jsonPath().getString("contextSha256") + "\"");
  }

  @Test
  void letsPeopleWorkTogetherAsBefore() {
    String id = reviews.open(OpenReviews.fresh());

    json("eve", "").post("/reviews/{id}/claim", id).then().statusCode(200);
    json("eve", "{\"text\":\"hm\"}").post("/reviews/{id}/comments", id).then().statusCode(200);
    json("eve", "{\"to\":\"bea\"}").post("/reviews/{id}/delegate", id).then().statusCode(200);
  }

  @Test
  void tellsFirstWhatNoVersionWouldMend() {
    String id = reviews.open(OpenReviews.fresh());
    String key = UUID.randomUUID().toString();

    json("vera", "{}").post("/reviews/{id}/approve", id).then().statusCode(403);
    json("eve", "{}").post("/reviews/{id}/reject", id).then().statusCode(422);
    for (int again = 0; again < 2; again++) {
      json("eve", "{}")
          .header("If-Match", "\"1\"")
          .header("Idempotency-Key", key)
          .post("/reviews/{id}/approve", id)
          .then()
          .statusCode(200);
    }
    json("bea", "{}").post("/reviews/{id}/approve", id).then().statusCode(409);
  }

  @Test
  void takesABatchOfWhatWasListed() {
    String task = "t" + UUID.randomUUID();
    List<String> ids =
        reviews.openAll(
            List.of(OpenReviews.fresh().setTask(task), OpenReviews.fresh().setTask(task)));
    String batch = "/review-batches/approve?task=" + task;

    assertThat(json("eve", "{}").post(batch).jsonPath().getList("results.status", Integer.class))
        .containsExactly(428, 428);
    String versions = "{\"versions\":{\"" + ids.get(0) + "\":1,\"" + ids.get(1) + "\":1}}";
    assertThat(
            json("eve", versions).post(batch).jsonPath().getList("results.status", Integer.class))
        .containsExactly(200, 200);
  }

  @Test
  void takesWhatThePageSends() {
    String id = reviews.open(PageSamples.rich());
    String page = Screens.path(id) + "/approve";

    Response done = Browserless.as("eve").post(page, page, Map.of("reason", "fine"));

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(reviews.status(id)).isEqualTo("decided");
  }

  @Test
  void asksToOpenAPageAgainThatHasLostWhatWasRead() {
    String id = reviews.open(PageSamples.rich());
    String page = Screens.path(id) + "/approve";
    Browserless eve = Browserless.as("eve");

    Response refused = eve.post(page, page, Map.of("version", ""));

    assertThat(refused.statusCode()).isEqualTo(428);
    assertThat(refused.asString()).contains("open the review again");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void takesWhatThePageDecidesTogether() {
    String id = reviews.open(PageSamples.rich());
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = Browserless.hidden(eve.get("/inbox").asString());
    form.putAll(Map.of("key", UUID.randomUUID().toString(), "review", "1 " + id, "reason", "fine"));

    Response done = eve.postAlone("/inbox/together/approve", form);

    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(reviews.status(id)).isEqualTo("decided");
  }

  private static RequestSpecification json(String user, String body) {
    return as(user).contentType("application/json").body(body);
  }

  private static RequestSpecification as(String user) {
    return given().auth().preemptive().basic(user, "pass-" + user);
  }
}
