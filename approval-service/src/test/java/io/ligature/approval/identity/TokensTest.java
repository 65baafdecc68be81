package io.ligature.approval.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bearer tokens of an issuer, on the API and on the page. */
@QuarkusTest
@TestProfile(TokensTest.Oidc.class)
@QuarkusTestResource(BrokerResource.class)
@QuarkusTestResource(value = FakeIssuer.class, restrictToAnnotatedClass = true)
class TokensTest {

  /** As it is shipped for production. */
  public static class Oidc implements QuarkusTestProfile {
    @Override
    public String getConfigProfile() {
      return "oidc";
    }
  }

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @Test
  void letsTheBearerOfAGoodTokenDecideInItsName() {
    String id = reviews.open(OpenReviews.fresh());
    String token = FakeIssuer.token(any -> {});

    bearer(token).get("/inbox/reviews/{id}", id).then().statusCode(200);
    bearer(token)
        .contentType("application/json")
        .post("/reviews/{id}/approve", id)
        .then()
        .statusCode(200)
        .body("reviewer", equalTo("tess"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expired",
        "of another audience",
        "without audience",
        "of another issuer",
        "without end",
        "not yet valid",
        "signed with a key that nobody knows",
        "of somebody whose name ends the line",
        "of nobody",
        "signed by a stranger",
        "unsigned",
        "signed with the public key",
        "tampered with",
        "nonsense"
      })
  void refusesATokenThatIs(String kind) {
    String id = reviews.open(OpenReviews.fresh());
    String token = bad(kind);

    assertThat(bearer(token).get("/reviews").statusCode()).isEqualTo(401);
    assertThat(bearer(token).post("/reviews/{id}/approve", id).statusCode()).isEqualTo(401);
    assertThat(bearer(token).get("/inbox").statusCode()).isEqualTo(401);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void takesTheTenantFromItsClaimAlone() {
    String ours = reviews.open(OpenReviews.fresh());
    String theirs = reviews.open(OpenReviews.fresh().setTenant("acme"));
    String foreign = with("org", "acme");
    String pretended =
        FakeIssuer.token(claims -> claims.withArray("groups").add("tenant:acme").add("viewer"));
    String homeless = FakeIssuer.token(claims -> claims.remove("org"));
    String many = FakeIssuer.token(claims -> claims.putArray("org").add("acme").add("default"));
    String odd = FakeIssuer.token(claims -> claims.putObject("org").put("name", "default"));

    assertThat(status(foreign, theirs)).isEqualTo(200);
    assertThat(status(foreign, ours)).isEqualTo(404);
    assertThat(status(pretended, ours)).isEqualTo(200);
    assertThat(status(pretended, theirs)).isEqualTo(404);
    assertThat(status(homeless, ours)).isEqualTo(404);
    assertThat(status(homeless, theirs)).isEqualTo(404);
    assertThat(status(many, ours)).isEqualTo(404);
    assertThat(status(many, theirs)).isEqualTo(404);
    assertThat(status(odd, ours)).isEqualTo(404);
  }

  @Test
  void takesTheRolesFromTheirClaim() {
    String id = reviews.open(OpenReviews.fresh());

    assertThat(status(FakeIssuer.token(claims -> claims.remove("groups")), id)).isEqualTo(403);
    assertThat(status(FakeIssuer.token(roles("legal")), id)).isEqualTo(403);
    assertThat(status(FakeIssuer.token(roles("viewer")), id)).isEqualTo(200);
  }

  @Test
  void sendsBrowsersToTheIssuerAndBack() {
    String id = reviews.open(OpenReviews.fresh());
    Response sent = begin("/inbox/reviews/" + id);
    Map<String, String> asked = query(sent.header("Location"));

    assertThat(sent.statusCode()).isEqualTo(302);
    assertThat(sent.header("Location")).contains("/authorize?");
    assertThat(asked)
        .containsEntry("client_id", "ligature-inbox")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge");

    Response back = back(sent, FakeIssuer.code(asked.get("nonce"), asked.get("code_challenge")));
    assertThat(back.statusCode()).isEqualTo(302);
    assertThat(URLDecoder.decode(back.header("Location"), StandardCharsets.UTF_8))
        .isEqualTo("http://localhost:" + RestAssured.port + "/inbox/reviews/" + id);
    Cookie session =
        back.detailedCookies().asList().stream()
            .filter(cookie -> cookie.getName().startsWith("q_session"))
            .findFirst()
            .orElseThrow();
    assertThat(session)
        .returns(true, Cookie::isHttpOnly)
        .returns(true, Cookie::isSecured)
        .returns("/inbox", Cookie::getPath)
        .returns("Lax", Cookie::getSameSite);

    Response page = browser(back.cookies()).get("/inbox/reviews/{id}", id);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.asString()).contains("tess");
    // The page's session opens nothing else.
    assertThat(browser(back.cookies()).get("/reviews").statusCode()).isEqualTo(401);

    Map<String, String> all = new HashMap<>(back.cookies());
    all.putAll(page.cookies());
    Response out =
        browser(all).formParam("csrf-token", all.get("ligature-form")).post("/inbox/logout");
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(out.detailedCookie(session.getName()).getMaxAge()).isZero();
  }

  @Test
  void letsNoBrowserInWithTheCodeOfAnother() {
    Response mine = begin("/inbox");
    Response mallorys = begin("/inbox");
    Map<String, String> theirs = query(mallorys.header("Location"));

    // Their code for my login, and their whole way back in my browser.
    Response code = back(mine, FakeIssuer.code(theirs.get("nonce"), theirs.get("code_challenge")));
    Response way =
        browser(mine.cookies())
            .queryParam("state", theirs.get("state"))
            .queryParam("code", FakeIssuer.code(theirs.get("nonce"), theirs.get("code_challenge")))
            .get("/inbox");

    for (Response refused : List.of(code, way)) {
      assertThat(refused.cookies().keySet()).noneMatch(name -> name.startsWith("q_session"));
    }
  }

  @Test
  void hasNoLoginFormOfItsOwn() {
    assertThat(RestAssured.get("/inbox/login").asString())
        .contains("You are logged out")
        .doesNotContain("j_password");
  }

  @Test
  void looksAtNoPasswordAfterTooManyWrongOnes() {
    for (int i = 0; i < 4; i++) {
      assertThat(basic("guess-" + i).get("/reviews").statusCode()).isEqualTo(401);
    }
    Response form =
        given()
            .redirects()
            .follow(false)
            .formParam("j_username", "eve")
            .formParam("j_password", "guess")
            .post("/j_security_check");
    assertThat(form.statusCode()).isEqualTo(302);

    Response refused = basic("pass-eve").get("/reviews");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.contentType()).startsWith("application/problem+json");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 3);
    assertThat(bearer(FakeIssuer.token(any -> {})).get("/reviews").statusCode()).isEqualTo(200);
    assertThat(RestAssured.get("/q/metrics").asString())
        .contains("ligature_logins_total{outcome=\"not_looked_at\"}");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> basic("pass-eve").get("/reviews").statusCode() == 200);
  }

  private static Response begin(String path) {
    return browser(Map.of()).get(path);
  }

  private static Response back(Response begun, String code) {
    return browser(begun.cookies())
        .queryParam("state", query(begun.header("Location")).get("state"))
        .queryParam("code", code)
        .get("/inbox");
  }

  private static RequestSpecification browser(Map<String, String> cookies) {
    return given().redirects().follow(false).cookies(cookies);
  }

  private static Map<String, String> query(String address) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : address.substring(address.indexOf('?') + 1).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static RequestSpecification basic(String password) {
    return given().auth().preemptive().basic("eve", password);
  }

  private static String bad(String kind) {
    return switch (kind) {
      case "expired" -> with("exp", Instant.now().getEpochSecond() - 60);
      case "of another audience" -> with("aud", "elsewhere");
      case "without audience" -> FakeIssuer.token(claims -> claims.remove("aud"));
      case "of another issuer" -> with("iss", "https://mallory.example");
      case "without end" -> FakeIssuer.token(claims -> claims.remove("exp"));
      case "not yet valid" -> with("nbf", Instant.now().getEpochSecond() + 3_600);
      case "signed with a key that nobody knows" -> FakeIssuer.strangeKeysToken();
      case "of somebody whose name ends the line" -> with("upn", "eve\nreview decided: x");
      case "of nobody" -> FakeIssuer.token(claims -> claims.without(List.of("upn", "sub")));
      case "signed by a stranger" -> FakeIssuer.strangersToken();
      case "unsigned" -> FakeIssuer.unsignedToken();
      case "signed with the public key" -> FakeIssuer.publicKeyToken();
      case "tampered with" -> FakeIssuer.tamperedToken();
      default -> "a.b.c";
    };
  }

  private static int status(String token, String id) {
    int api = bearer(token).get("/reviews/{id}", id).statusCode();
    assertThat(bearer(token).get("/inbox/reviews/{id}", id).statusCode()).isEqualTo(api);
    return api;
  }

  private static Consumer<ObjectNode> roles(String role) {
    return claims -> claims.putArray("groups").add(role);
  }

  private static String with(String claim, String value) {
    return FakeIssuer.token(claims -> claims.put(claim, value));
  }

  private static String with(String claim, long value) {
    return FakeIssuer.token(claims -> claims.put(claim, value));
  }

  private static RequestSpecification bearer(String token) {
    return given().redirects().follow(false).header("Authorization", "Bearer " + token);
  }
}
