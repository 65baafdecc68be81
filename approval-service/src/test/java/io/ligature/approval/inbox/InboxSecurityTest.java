package io.ligature.approval.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what on the page, and what nobody may. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxSecurityTest {

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject", "edit-and-approve", "edit"})
  void takesNoFormThatIsNotOurs(String action) {
    String id = reviews.open(OpenReviews.fresh());
    String path = Screens.path(id) + "/" + action;
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = form(eve, "eve");

    assertThat(eve.postAlone(path, without(form, FormGuard.FIELD)).statusCode()).isEqualTo(403);
    assertThat(eve.postAlone(path, with(form, FormGuard.FIELD, "A".repeat(32))).statusCode())
        .isEqualTo(403);
    assertThat(
            eve.request()
                .header("Sec-Fetch-Site", "cross-site")
                .formParams(form)
                .post(path)
                .statusCode())
        .isEqualTo(403);
    assertThat(
            eve.request()
                .header("Origin", "https://mallory.example")
                .formParams(form)
                .post(path)
                .statusCode())
        .isEqualTo(403);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void takesNoTokenFromAnotherBrowser() {
    String id = reviews.open(OpenReviews.fresh());
    Map<String, String> mallorys = form(Browserless.nobody(), "-");
    Browserless eve = Browserless.as("eve");
    eve.get("/inbox");

    assertThat(eve.postAlone(Screens.path(id) + "/approve", mallorys).statusCode()).isEqualTo(403);
  }

  @Test
  void letsNoOtherSiteUseThePasswordThatABrowserKnows() {
    String id = reviews.open(OpenReviews.fresh());

    given()
        .auth()
        .preemptive()
        .basic("eve", "pass-eve")
        .header("Sec-Fetch-Site", "same-site")
        .post("/reviews/{id}/approve", id)
        .then()
        .statusCode(403)
        .contentType("application/problem+json");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void keepsTheSessionOfThePageOutOfTheApi() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get("/reviews").statusCode()).isEqualTo(401);
    assertThat(eve.postAlone("/reviews/" + id + "/approve", Map.of()).statusCode()).isEqualTo(401);
  }

  @Test
  void takesNoSessionThatItDidNotMake() {
    assertThat(
            given()
                .redirects()
                .follow(false)
                .cookie("ligature-session", "AAAA".repeat(20))
                .get("/inbox")
                .statusCode())
        .isIn(302, 401);
  }

  @Test
  void tellsBrowsersWhatTheyMayDo() {
    Response page = Browserless.as("eve").get("/inbox");

    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(page.getDetailedCookie(FormGuard.COOKIE).isHttpOnly()).isTrue();
    assertThat(page.getDetailedCookie(FormGuard.COOKIE).getSameSite()).isEqualTo("Strict");
  }

  @Test
  void makesItsSessionCookieUnreadableForScriptsAndOtherSites() {
    Response in =
        Browserless.nobody()
            .postAlone("/j_security_check", Map.of("j_username", "eve", "j_password", "pass-eve"));

    assertThat(in.getDetailedCookie("ligature-session").isHttpOnly()).isTrue();
    assertThat(in.getDetailedCookie("ligature-session").getSameSite()).isEqualTo("Strict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"summary\":\"x\",\"isAdmin\":true}", "{\"summary\":3}", "[]", "{", ""})
  void takesNoEditTheSchemaRefuses(String json) {
    String id =
        reviews.open(
            OpenReviews.fresh()
                .setOutputSchema(
                    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
                        + "{\"summary\":{\"type\":\"string\"}}}"));
    Browserless eve = Browserless.as("eve");

    Response refused =
        eve.postAlone(Screens.path(id) + "/edit-and-approve", with(form(eve, "eve"), "json", json));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void takesNoEditWhereNoneIsAllowed() {
    String id = reviews.open(OpenReviews.fresh().setRule(Samples.rule("editor", false, false)));
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = form(eve, "eve");

    assertThat(eve.get(Screens.path(id) + "/edit").statusCode()).isEqualTo(409);
    assertThat(eve.postAlone(Screens.path(id) + "/edit-and-approve", form).statusCode())
        .isEqualTo(422);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject", "edit-and-approve"})
  void decidesNothingAfterTheEndOfTheWorkflow(String action) {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = form(eve, "eve");
    reviews.withdraw(id);

    assertThat(eve.postAlone(Screens.path(id) + "/" + action, form).statusCode()).isEqualTo(409);
    assertThat(reviews.status(id)).isEqualTo("withdrawn");
  }

  /** Told from the length alone, so that nobody has to send it all. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/inbox/reviews/x/edit", "/inbox/reviews/x/approve", "/reviews/x/approve"})
  void refusesBodiesThatAreTooLarge(String path) throws IOException {
    try (Socket socket = new Socket("localhost", RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2200000\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 413".length());

      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void refusesReasonsThatAreTooLongBesideTheirField() {
    String id = reviews.open(OpenReviews.fresh());
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = with(form(eve, "eve"), "reason", "x".repeat(4_001));

    Response refused = eve.postAlone(Screens.path(id) + "/reject", form);

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("at most 4000 characters");
  }

  @Test
  void takesLongTextsOfAForm() {
    String id = reviews.open(OpenReviews.fresh().setSubject(Samples.json("{\"summary\":\"s\"}")));
    Browserless eve = Browserless.as("eve");
    String json = "{\"summary\":\"" + "long ".repeat(20_000) + "\"}";

    Response done =
        eve.postAlone(Screens.path(id) + "/edit-and-approve", with(form(eve, "eve"), "json", json));

    assertThat(done.statusCode()).isEqualTo(303);
  }

  /** With everything that any of the forms needs. */
  private static Map<String, String> form(Browserless browser, String user) {
    String page = user.equals("-") ? "/inbox/login" : "/inbox";
    Map<String, String> form = new HashMap<>();
    form.put(
        FormGuard.FIELD,
        user.equals("-")
            ? browser.get(page).getCookie(FormGuard.COOKIE)
            : Browserless.hidden(browser.get(page).asString()).get(FormGuard.FIELD));
    form.put("key", java.util.UUID.randomUUID().toString());
    form.put("reason", "because");
    form.put("json", "{\"summary\":\"better\"}");
    return form;
  }

  private static Map<String, String> with(Map<String, String> form, String name, String value) {
    Map<String, String> changed = new HashMap<>(form);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, String> without(Map<String, String> form, String name) {
    Map<String, String> changed = new HashMap<>(form);
    changed.remove(name);
    return changed;
  }
}
