package io.ligature.approval.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.stream.PeerSeal;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What instances of this service ask each other, and who else may not. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class PeerHttpTest {

  private static final PeerSeal SEAL =
      new PeerSeal(BrokerResource.PEER_SECRET, Duration.ofSeconds(30));

  @Inject Registry registry;

  @BeforeEach
  void awaitReady() {
    OpenReviews.awaitService();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "eve", "vera", "olga", "adam", "ann"})
  void letsNoUserIn(String user) {
    for (String path : new String[] {"/peer/rows", "/peer/list"}) {
      RequestSpecification request = given();
      if (!user.equals("-")) {
        request.auth().preemptive().basic(user, "pass-" + user);
      }
      Response response =
          request
              .contentType("application/json")
              .body("{\"root\":\"w1\",\"ranges\":[]}")
              .post(path);

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.contentType()).isEqualTo("application/problem+json");
    }
  }

  @Test
  void givesTheRowsOfAReviewToAPeer() {
    String id = new OpenReviews(registry).open(OpenReviews.fresh());
    String root = id.substring(0, id.indexOf(':'));
    String key = "request/" + id;

    ask("/peer/rows", "{\"root\":\"" + root + "\",\"ranges\":[[\"" + key + "\",\"" + key + "\"]]}")
        .then()
        .statusCode(200)
        .body("rows", aMapWithSize(1))
        .body("rows", hasKey(key));
  }

  @Test
  void givesItsPartOfAListToAPeer() {
    String id = new OpenReviews(registry).open(OpenReviews.fresh().setDefinition("for-peers"));

    ask(
            "/peer/list",
            "{\"status\":\"OPEN\",\"most\":10,\"filter\":{\"now\":\"2026-03-01T09:00:00Z\","
                + "\"wanted\":{\"definition\":\"for-peers\"},\"scope\":{\"tenant\":\"default\","
                + "\"name\":\"eve\",\"roles\":[\"editor\"],\"reach\":\"CONCERNED\"}}}")
        .then()
        .statusCode(200)
        .body("partitions", hasItem(0))
        .body("partitions", hasItem(1))
        .body("reviews.content.reviewId", hasItem(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/peer/rows | nonsense",
        "/peer/rows | {}",
        "/peer/rows | {\"root\":1}",
        "/peer/list | {}",
        "/peer/list | {\"status\":\"LOST\"}",
      })
  void tellsAPeerThatItsQuestionIsNone(String path, String body) {
    ask(path, body).then().statusCode(400).body("title", equalTo("Not a valid request"));
  }

  @Test
  void refusesASealOfAnotherQuestionOrTime() {
    String body = "{\"root\":\"w1\",\"ranges\":[]}";
    Instant now = Instant.now();

    assertThat(post("/peer/rows", body, SEAL.of(now, "/peer/list", body)).statusCode())
        .isEqualTo(401);
    assertThat(post("/peer/rows", body + " ", SEAL.of(now, "/peer/rows", body)).statusCode())
        .isEqualTo(401);
    assertThat(
            post("/peer/rows", body, SEAL.of(now.minusSeconds(60), "/peer/rows", body))
                .statusCode())
        .isEqualTo(401);
  }

  private static Response ask(String path, String body) {
    return post(path, body, SEAL.of(Instant.now(), path, body));
  }

  private static Response post(String path, String body, String seal) {
    return given()
        .contentType("application/json")
        .header(PeerSeal.HEADER, seal)
        .body(body)
        .post(path);
  }
}
