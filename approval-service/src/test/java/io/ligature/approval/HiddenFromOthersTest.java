package io.ligature.approval;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.Money;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.MockMailbox;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One secret in every place where people and agents write, and every way in which somebody without
 * the role might come to read it.
 */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class HiddenFromOthersTest {

  private static final String SECRET = "DE4711223344";
  private static final String EDITED = "DE9988776655";
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"},"
          + "\"account\":{\"type\":\"string\",\"x-sensitive\":true,\"maxLength\":12}}}";

  @Inject Registry registry;
  @Inject MockMailbox mailbox;

  private OpenReviews reviews;
  private String id;

  @BeforeEach
  void open() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
    id = reviews.open(secretive());
  }

  @AfterEach
  void clear() {
    reviews.clear(List.of(id));
  }

  @Test
  void isInNothingThatTheApiSays() {
    as("sam")
        .contentType("application/json")
        .body("{\"text\":\"" + SECRET + "?\"}")
        .post("/reviews/{id}/comments", id)
        .then()
        .statusCode(200);
    as("sam")
        .contentType("application/json")
        .body("{\"to\":\"hal\",\"reason\":\"" + SECRET + "\"}")
        .post("/reviews/{id}/delegate", id)
        .then()
        .statusCode(200);
    String workflow = id.substring(0, id.indexOf(':'));

    assertHidden(as("hal").get("/reviews/{id}", id), true);
    assertHidden(as("hal").get("/reviews?workflow=" + workflow), true);
    assertHidden(as("vera").get("/reviews?workflow=" + workflow), true);
    assertHidden(as("aud").get("/reviews/{id}/trail", id), true);
    assertHidden(
        as("hal")
            .contentType("application/json")
            .body("{\"reason\":\"x\"}")
            .post("/review-batches/reject?dryRun=true&workflow=" + workflow),
        false);
    assertThat(as("sam").get("/reviews/{id}/trail", id).asString()).contains(SECRET, "\"hash\"");
    assertThat(as("sam").get("/reviews/{id}", id).asString()).contains(SECRET);
    // Whoever lists reads the same, for nobody knows who reads what was told to others.
    assertHidden(as("sam").get("/reviews?workflow=" + workflow), true);
  }

  @Test
  void isNotInTheAnswersToThoseWhoDecide() {
    as("sam")
        .contentType("application/json")
        .body(
            "{\"output\":{\"text\":\"t\",\"account\":\""
                + EDITED
                + "\"},\"reason\":\""
                + EDITED
                + " is right\"}")
        .post("/reviews/{id}/edit-and-approve", id)
        .then()
        .statusCode(200);

    Response late =
        as("hal").contentType("application/json").body("{}").post("/reviews/{id}/approve", id);
    assertThat(late.statusCode()).isEqualTo(409);
    assertHidden(late, true);
    assertHidden(as("hal").get("/reviews/{id}", id), true);
    assertHidden(as("hal").get("/reviews/{id}/trail", id), true);
    assertThat(as("hal").get("/reviews/{id}/trail", id).asString())
        .contains("\"masked\":true")
        .doesNotContain("\"hash\"", "\"previous\"", "\"output\"");
  }

  /** Whether an output is valid tells of what one cannot see. */
  @Test
  void isNotToldByWhatAnEditIsRefusedFor() {
    for (String output :
        List.of("{\"text\":1}", "{\"account\":\"" + "x".repeat(13) + "\"}", "{\"text\":\"t\"}")) {
      Response refused =
          as("hal")
              .contentType("application/json")
              .body("{\"output\":" + output + "}")
              .post("/reviews/{id}/edit-and-approve", id);

      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.jsonPath().getString("role")).isEqualTo("sensitive");
      assertThat(refused.jsonPath().getList("violations")).isNull();
    }
  }

  @Test
  void isOnNoPage() {
    Map<String, String> session =
        given()
            .redirects()
            .follow(false)
            .formParam("j_username", "hal")
            .formParam("j_password", "pass-hal")
            .post("/j_security_check")
            .cookies();
    String path = "/inbox/reviews/" + id;

    assertHidden(given().cookies(session).get("/inbox?q=looks"), true);
    assertHidden(given().cookies(session).get(path), true);
    assertHidden(given().cookies(session).get(path + "/approve"), false);
    assertHidden(given().cookies(session).get(path + "/edit"), true);
    // Nor can it be found out by searching.
    assertThat(given().cookies(session).get("/inbox?q=" + SECRET.substring(0, 6)).asString())
        .doesNotContain(path);
  }

  @Test
  void isInNoEvent() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    String hal =
        Base64.getEncoder().encodeToString("hal:pass-hal".getBytes(StandardCharsets.US_ASCII));
    try (HttpClient http = HttpClient.newHttpClient()) {
      var watching =
          http.sendAsync(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + RestAssured.port + "/review-events"))
                  .header("Authorization", "Basic " + hal)
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      Thread.ofVirtual().start(() -> watching.join().body().forEach(told::add));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> told.stream().anyMatch(line -> line.startsWith(":")));
      as("sam")
          .contentType("application/json")
          .body("{\"text\":\"" + SECRET + "\"}")
          .post("/reviews/{id}/comments", id)
          .then()
          .statusCode(200);

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> told.stream().anyMatch(line -> line.contains(id) && line.contains("••••••")));
      http.shutdownNow();
    }
    assertThat(String.join("\n", told)).doesNotContain(SECRET);
  }

  @Test
  void isInNoMail() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                mailsAboutIt().stream()
                    .anyMatch(text -> text.contains("Why:     •••••• looks odd")));

    assertThat(String.join("\n", mailsAboutIt())).doesNotContain(SECRET);
    assertThat(RestAssured.get("/q/metrics").asString())
        .contains("ligature_notifications_total{channel=\"mail\",outcome=\"sent\"}");
  }

  private List<String> mailsAboutIt() {
    return mailbox.getMailsSentTo("scribes@example.com").stream()
        .map(Mail::getText)
        .filter(text -> text.contains(id.substring(0, id.indexOf(':'))))
        .toList();
  }

  private static void assertHidden(Response answer, boolean marked) {
    String text = answer.asString();
    assertThat(text).doesNotContain(SECRET, EDITED);
    if (marked) {
      assertThat(text).contains("••••••");
    }
  }

  private static RequestSpecification as(String user) {
    return given().auth().preemptive().basic(user, "pass-" + user);
  }

  private static NeedsReview.Builder secretive() {
    String whole = "{\"text\":\"pay to " + SECRET + "\",\"account\":\"" + SECRET + "\"}";
    return OpenReviews.fresh()
        .setReason(SECRET + " looks odd")
        .setRule(Samples.rule("scribe", false, true))
        .setSubject(Samples.json(whole))
        .setOutputSchema(SCHEMA)
        .setEvidence(
            List.of(
                new Evidence(
                    "pay",
                    "pay",
                    Samples.json("{\"from\":\"" + SECRET + "\",\"api_key\":\"" + SECRET + "\"}"),
                    Samples.json(whole),
                    "payer",
                    "m",
                    Money.of("0.01").toDecimal(),
                    0.5,
                    Grade.clean,
                    List.of(
                        new EarlierAttempt(
                            1,
                            "payer",
                            new Failure("model_error", "not " + SECRET, null, false),
                            Money.of("0.01").toDecimal())))));
  }
}
