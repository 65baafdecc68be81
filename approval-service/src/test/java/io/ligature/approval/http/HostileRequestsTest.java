package io.ligature.approval.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class HostileRequestsTest {

  private static final int MOST_BYTES = 2 * 1024 * 1024;

  @Inject Registry registry;

  private OpenReviews reviews;
  private String id;

  @BeforeEach
  void open() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
    id = reviews.open(OpenReviews.fresh());
  }

  @AfterEach
  void clear() {
    reviews.clear(List.of(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"output\":{\"summary\":\"s\",\"isAdmin\":true}} | /isAdmin: neither the schema",
        "{\"output\":{\"summary\":\"s\",\"__proto__\":{}}} | /__proto__: neither the schema",
        "{\"output\":{\"summary\":[\"s\"]}} | /summary: array found, string expected",
        "{\"output\":{\"summary\":{\"a\":1}}} | /summary: object found, string expected",
        "{\"output\":{\"summary\":null}} | /summary: null found, string expected",
        "{\"output\":[]} | /: array found, object expected",
        "{\"output\":\"{}\"} | /: string found, object expected",
        "{\"output\":null} | /: null found, object expected",
        "{\"output\":1e999999999} | /: this number has more than 400 digits",
        "{\"output\":{}} | /: required property 'summary' not found",
      })
  void tellWhereAnEditIsNotWhatIsWanted(String body, String violation) {
    post("edit-and-approve", body)
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("violations", contains(startsWith(violation)));
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"output\":{\"summary\":\"a\",\"summary\":\"b\"}}",
        "{\"output\":{\"summary\":\"a\"},\"output\":{\"summary\":\"b\"}}",
        "{\"output\":{\"summary\":\"a\"}} {\"output\":1}",
        "{\"output\":{\"summary\":\"a\\u0000b\"}}",
        "{\"output\":{\"summary\":\"\\ud800\"}}",
        "{\"output\":{\"summary\":\"\\udc00\\ud800\"}}",
        "{\"output\":{\"\\ud800\":1}}",
        "{\"output\":{\"summary\":NaN}}",
        "{\"output\":{\"summary\":01}}",
        "{\"output\":{'summary':'a'}}",
        "{\"output\":{\"summary\":\"a\"},\"role\":\"admin\"}",
        "{\"output\":{\"summary\":\"a\"},\"reviewer\":\"bea\"}",
        "{\"output\":{\"summary\":\"a\"},\"reason\":{\"a\":1}}",
        "{\"output\":{\"summary\":\"a\"},\"reason\":\"\\ud800\"}",
        "{\"output\":{\"summary\":\"a\"},\"reason\":\"a\\u0000b\"}",
        "{\"output\":{\"summary\":\"a\"},\"reason\":\"a\\u001b[2Jb\"}",
        "[{\"output\":{\"summary\":\"a\"}}]",
        "\"output\"",
        "null",
      })
  void areRefusedAsNotValid(String body) {
    post("edit-and-approve", body)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("title", equalTo("Not a valid request"));
    assertUntouched();
  }

  @Test
  void areRefusedHoweverDeepTheyAre() {
    String deep = "[".repeat(100_000);

    post("edit-and-approve", "{\"output\":" + deep).then().statusCode(400);
    post("edit-and-approve", "{\"output\":" + "[".repeat(500) + "]".repeat(500) + "}")
        .then()
        .statusCode(422)
        .body("violations", contains(containsString("nested deeper than 64 levels")));
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonx",
        "text/json+html",
      })
  void areNotReadInAnotherFormat(String type) throws Exception {
    HttpResponse<String> answer =
        send(
            authorized("/approve")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"fine\"}")));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(found -> assertThat(found).startsWith("application/problem+json"));
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "Application/JSON; charset=utf-8", "application/merge+json"})
  void areReadInJson(String type) throws Exception {
    HttpResponse<String> answer =
        send(
            authorized("/approve")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"fine\"}")));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void areToldHowLongTheyMayBe() throws Exception {
    HttpResponse<String> answer =
        send(
            authorized("/approve")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[MOST_BYTES + 1])));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("a body may have " + MOST_BYTES + " bytes");
    assertUntouched();
  }

  /** The length is told by nobody; the connection may be cut before the answer is read. */
  @Test
  void areCutWhenTheyHaveNoEnd() throws Exception {
    byte[] body =
        ("{\"reason\":\"" + "x".repeat(MOST_BYTES) + "\"}").getBytes(StandardCharsets.US_ASCII);
    int status;
    try {
      status =
          send(authorized("/approve")
                  .POST(
                      HttpRequest.BodyPublishers.ofInputStream(
                          () -> new ByteArrayInputStream(body))))
              .statusCode();
    } catch (IOException e) {
      status = 413;
    }

    assertThat(status).isEqualTo(413);
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7", "W/\"1\"", "\"1\", \"2\"", "\"-1\"", "\"99999999999999999999\"", "\"\""})
  void areRefusedWithAnETagThatIsNone(String etag) {
    as("eve").header("If-Match", etag).post("/reviews/{id}/approve", id).then().statusCode(400);
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0\"", "\"2\"", "\"999999999999999999\""})
  void areRefusedWithTheETagOfAnotherVersion(String etag) {
    as("eve").header("If-Match", etag).post("/reviews/{id}/approve", id).then().statusCode(412);
    assertUntouched();
  }

  @Test
  void getNothingByTheKeyOfSomebodyElse() {
    as("eve").header("Idempotency-Key", "k1").post("/reviews/{id}/claim", id);

    as("bea")
        .header("Idempotency-Key", "k1")
        .post("/reviews/{id}/claim", id)
        .then()
        .statusCode(422)
        .body("kind", equalTo("key_reused"));
    as("eve").header("Idempotency-Key", "k2").post("/reviews/{id}/approve", id);
    as("bea")
        .header("Idempotency-Key", "k2")
        .post("/reviews/{id}/approve", id)
        .then()
        .statusCode(409)
        .body("winner.reviewer", equalTo("eve"));
  }

  @Test
  void areRefusedAndRememberedAfterTheEndOfTheWorkflow() {
    reviews.withdraw(id);

    for (String action : new String[] {"approve", "claim", "comments"}) {
      post(action, action.equals("comments") ? "{\"text\":\"x\"}" : "")
          .then()
          .statusCode(409)
          .body("kind", equalTo("withdrawn"));
    }
    String trail = as("aud").get("/reviews/{id}/trail", id).asString();
    assertThat(trail.lines().filter(line -> line.contains("\"refusal\":\"withdrawn\""))).hasSize(3);
  }

  @Test
  void comeBackAsWhatNoBrowserRuns() {
    String script = "<script>alert(1)";
    post("comments", "{\"text\":\"" + script + "\"}").then().statusCode(200);
    post("delegate", "{\"to\":\"" + script + "\"}").then().statusCode(422);

    for (String path :
        new String[] {
          "/reviews/" + id,
          "/reviews/" + id + "/trail",
          "/reviews?status=" + script,
          "/reviews/" + script
        }) {
      Response answer = as("eve").get(path);
      assertThat(answer.contentType()).as(path).startsWith("application/");
      assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
      assertThat(answer.header("Content-Security-Policy"))
          .as(path)
          .startsWith("default-src 'none'");
    }
  }

  /** What is of another tenant is told of in the same words as what does not exist. */
  @Test
  void learnNothingOfAnotherTenant() {
    String theirs = reviews.open(OpenReviews.fresh().setTenant("acme"));
    for (String body : new String[] {"{}", "{\"reason\":\"a\\u0000\"}"}) {
      Response known =
          as("eve")
              .contentType("application/json")
              .body(body)
              .post("/reviews/{id}/approve", theirs);
      Response unknown =
          as("eve")
              .contentType("application/json")
              .body(body)
              .post("/reviews/{id}/approve", "none");

      assertThat(known.statusCode()).isEqualTo(404);
      assertThat(known.asString().replace(theirs, "none")).isEqualTo(unknown.asString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://mallory.example", "null", "http://localhost", "%%"})
  void areRefusedAtTheLoginFromAnotherSite(String origin) {
    given()
        .redirects()
        .follow(false)
        .header("Origin", origin)
        .formParam("j_username", "eve")
        .formParam("j_password", "pass-eve")
        .post("/j_security_check")
        .then()
        .statusCode(403)
        .contentType("application/problem+json");
  }

  @Test
  void areLedNowhereElseBehindTheLogin() {
    Response in =
        given()
            .redirects()
            .follow(false)
            .cookie("quarkus-redirect-location", "https://mallory.example/inbox")
            .formParam("j_username", "eve")
            .formParam("j_password", "pass-eve")
            .post("/j_security_check");

    String location = in.header("Location");
    assertThat(location == null ? "" : location).doesNotContain("mallory");
  }

  private void assertUntouched() {
    as("vera")
        .get("/reviews/{id}", id)
        .then()
        .body("status", equalTo("open"))
        .body("version", equalTo(1));
  }

  private Response post(String action, String body) {
    return as("eve")
        .contentType("application/json")
        .body(body)
        .post("/reviews/{id}/{action}", id, action);
  }

  private static RequestSpecification as(String user) {
    return given().auth().preemptive().basic(user, "pass-" + user);
  }

  /** RestAssured has its own mind about content types. */
  private HttpRequest.Builder authorized(String action) {
    String eve =
        Base64.getEncoder().encodeToString("eve:pass-eve".getBytes(StandardCharsets.US_ASCII));
    return HttpRequest.newBuilder(
            URI.create("http://localhost:" + RestAssured.port + "/reviews/" + id + action))
        .header("Authorization", "Basic " + eve);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
