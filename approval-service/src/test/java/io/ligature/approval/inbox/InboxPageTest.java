package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxPageTest {

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @Test
  void leadsTheUnknownToTheLoginAndBackToTheirPage() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless browser = Browserless.nobody();

    Response asked = browser.get(path(id));
    assertThat(asked.statusCode()).isEqualTo(302);
    assertThat(asked.header("Location")).endsWith("/inbox/login");

    Response in =
        browser.postAlone(
            "/j_security_check", Map.of("j_username", "eve", "j_password", "pass-eve"));
    assertThat(URI.create(in.header("Location")).getPath())
        .isEqualTo(URI.create(path(id)).getPath());
    assertThat(browser.get(path(id)).statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatAPasswordIsWrong() {
    Response refused =
        Browserless.nobody()
            .postAlone("/j_security_check", Map.of("j_username", "eve", "j_password", "no"));

    assertThat(refused.header("Location")).endsWith("/inbox/login?failed=true");
    assertThat(Browserless.nobody().get("/inbox/login?failed=true").asString())
        .contains("do not belong together");
  }

  @Test
  void logsOut() {
    Browserless browser = Browserless.as("eve");

    browser.post("/inbox", "/inbox/logout", Map.of());

    assertThat(browser.get("/inbox").statusCode()).isEqualTo(302);
  }

  @Test
  void showsAllThatIsNeededToDecide() {
    String id =
        reviews.open(
            OpenReviews.fresh()
                .setExpiresAt(Instant.parse("2099-01-01T00:00:00Z"))
                .setSubject(Samples.json("{\"summary\":\"**wind** is cheap\"}")));

    String page = Browserless.as("eve").get(path(id)).asString();

    assertThat(page)
        .contains("the definition asks for it")
        .contains("<strong>wind</strong> is cheap")
        .contains("summarise-rank", "rank-1", "text.summarise", "83 %", "Clean")
        .contains("Low confidence", "0.5 is below 0.7")
        .contains("<span>Report</span>", "<span>The workflow fails</span>")
        .contains("0.05 USD", "0.45 USD")
        .contains("1 Jan 2099, 00:00 UTC")
        .contains("Started by", "stan")
        .contains(path(id) + "/approve", path(id) + "/reject", path(id) + "/edit");
  }

  @Test
  void asksBeforeItDecides() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");

    Response asked = eve.get(path(id) + "/approve");

    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.asString()).contains("Approve this?", "<span>Report</span>");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void approvesAndShowsWhoDidWhenAndWhy() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");

    Response done =
        eve.post(path(id) + "/approve", path(id) + "/approve", Map.of("reason", "checked"));

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.header("Location")).endsWith(path(id));
    assertThat(eve.get(path(id)).asString()).contains("Approved by eve", "checked");
    assertThat(reviews.shown(id, "decision.reviewer")).isEqualTo("eve");
  }

  @Test
  void decidesOnceWhenAFormIsSentTwice() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = Browserless.hidden(eve.get(path(id) + "/approve").asString());

    Response first = eve.postAlone(path(id) + "/approve", form);
    Response second = eve.postAlone(path(id) + "/approve", form);

    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(second.statusCode()).isEqualTo(303);
    assertThat(reviews.json(id).getList("refused")).isEmpty();
  }

  @Test
  void asksForTheReasonOfARejectionBesideItsField() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");

    Response asked = eve.post(path(id) + "/reject", path(id) + "/reject", Map.of("reason", "  "));

    assertThat(asked.statusCode()).isEqualTo(422);
    assertThat(asked.asString()).contains("Say why", "aria-invalid=\"true\"");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void tellsTheOneWhoCameTooLateWhoWon() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");
    Browserless stan = Browserless.as("stan");
    Map<String, String> form = Browserless.hidden(stan.get(path(id) + "/reject").asString());
    eve.post(path(id) + "/approve", path(id) + "/approve", Map.of());

    form.put("reason", "no");
    Response late = stan.postAlone(path(id) + "/reject", form);

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.asString())
        .contains("You came too late", "eve decided first", "Approved by eve");
    assertThat(eve.get(path(id)).asString()).contains("could not reject");
  }

  @Test
  void refusesADecisionAfterTheWorkflowEnded() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = Browserless.hidden(eve.get(path(id) + "/approve").asString());
    reviews.withdraw(id);

    Response late = eve.postAlone(path(id) + "/approve", form);

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.asString()).contains("no longer waits", "the workflow was cancelled");
  }

  @Test
  void saysWhyTheRequesterMayNotDecide() {
    String id = reviews.open(OpenReviews.fresh().setRule(Samples.rule("editor", true, true)));

    assertThat(Browserless.as("stan").get(path(id)).asString())
        .contains("four eyes")
        .doesNotContain(path(id) + "/approve");
    assertThat(Browserless.as("stan").get(path(id) + "/approve").statusCode()).isEqualTo(409);
  }

  @Test
  void editsThroughTheFormOfTheSchema() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");

    Response form = eve.get(path(id) + "/edit");
    assertThat(form.asString()).contains("name=\"s:/summary\" value=\"wind\"");
    Response asked =
        eve.post(
            path(id) + "/edit",
            path(id) + "/edit",
            ordered("o:", "", "s:/summary", "salt & sun", "do", "continue"));
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.asString())
        .contains("Approve your edited output?", "<del>wind</del>", "<ins>salt &amp; sun</ins>");
    Map<String, String> confirmed = Browserless.hidden(asked.asString());
    confirmed.put("reason", "clearer");
    Response done = eve.postAlone(path(id) + "/edit-and-approve", confirmed);

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(reviews.shown(id, "decision.editedOutput.summary")).isEqualTo("salt & sun");
    assertThat(eve.get(path(id)).asString())
        .contains("Edited and approved by eve", "What eve changed", "<del>wind</del>");
  }

  @Test
  void showsWhatIsWrongBesideTheField() {
    String id =
        reviews.open(
            OpenReviews.fresh()
                .setOutputSchema(
                    "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":"
                        + "{\"type\":\"integer\",\"maximum\":5}}}")
                .setSubject(Samples.json("{\"n\":3}")));
    Browserless eve = Browserless.as("eve");

    Response wrong =
        eve.post(
            path(id) + "/edit",
            path(id) + "/edit",
            ordered("o:", "", "n:/n", "9", "do", "continue"));

    assertThat(wrong.statusCode()).isEqualTo(422);
    Matcher slot = Pattern.compile("id=\"f2-wrong\">([^<]*)<").matcher(wrong.asString());
    assertThat(slot.find()).isTrue();
    assertThat(slot.group(1)).contains("maximum value of 5");
  }

  @Test
  void takesNoEditTheSchemaRefusesEvenWithoutTheForm() {
    String id =
        reviews.open(
            OpenReviews.fresh()
                .setOutputSchema(
                    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
                        + "{\"summary\":{\"type\":\"string\"}}}"));
    Browserless eve = Browserless.as("eve");

    Response smuggled =
        eve.post(
            path(id) + "/approve",
            path(id) + "/edit-and-approve",
            Map.of("json", "{\"summary\":\"x\",\"isAdmin\":true}"));

    assertThat(smuggled.statusCode()).isEqualTo(422);
    assertThat(smuggled.asString()).contains("isAdmin");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void findsByTextAndTimeLeft() {
    String salt =
        reviews.open(OpenReviews.fresh().setReason("salt-" + java.util.UUID.randomUUID()));
    String reason = reviews.shown(salt, "reason");
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get("/inbox?q=" + reason).asString()).contains(path(salt));
    assertThat(eve.get("/inbox?q=" + reason + "&due=none").asString()).contains(path(salt));
    assertThat(eve.get("/inbox?q=" + reason + "&due=day").asString())
        .contains("Nothing matches")
        .doesNotContain(path(salt));
    assertThat(eve.get("/inbox?status=decided&q=" + reason).asString()).contains("Nothing matches");
  }

  @ParameterizedTest
  @CsvSource({"status=lost", "due=never", "cursor=ZGVjaWRlZC8", "cursor=%21"})
  void saysThatAListCannotBeGiven(String query) {
    Response answer =
        Browserless.as("eve").request().urlEncodingEnabled(false).get("/inbox?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("text/html");
  }

  @Test
  void servesItsStylesAndScriptsForGood() {
    String page = Browserless.nobody().get("/inbox/login").asString();
    Matcher asset = Pattern.compile("(?:src|href)=\"(/inbox/assets/[^\"]+)\"").matcher(page);
    int found = 0;
    while (asset.find()) {
      Response answer = Browserless.nobody().get(asset.group(1));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.header("Cache-Control")).contains("immutable");
      assertThat(answer.header("Content-Type")).matches("text/(css|javascript);charset=UTF-8");
      found++;
    }
    assertThat(found).isEqualTo(4);
    assertThat(Browserless.nobody().get("/inbox/assets/0/inbox.css").statusCode()).isEqualTo(404);
  }

  private static String path(String id) {
    return Screens.path(id);
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
