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
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bearer tokens of an issuer, on the API and on the page. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@QuarkusTestResource(value = FakeIssuer.class, restrictToAnnotatedClass = true)
class TokensTest {

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

    assertThat(status(foreign, theirs)).isEqualTo(200);
    assertThat(status(foreign, ours)).isEqualTo(404);
    assertThat(status(pretended, ours)).isEqualTo(200);
    assertThat(status(pretended, theirs)).isEqualTo(404);
    assertThat(status(homeless, ours)).isEqualTo(404);
    assertThat(status(homeless, theirs)).isEqualTo(404);
  }

  @Test
  void takesTheRolesFromTheirClaim() {
    String id = reviews.open(OpenReviews.fresh());

    assertThat(status(FakeIssuer.token(claims -> claims.remove("groups")), id)).isEqualTo(403);
    assertThat(status(FakeIssuer.token(roles("legal")), id)).isEqualTo(403);
    assertThat(status(FakeIssuer.token(roles("viewer")), id)).isEqualTo(200);
  }

  private static String bad(String kind) {
    return switch (kind) {
      case "expired" -> with("exp", Instant.now().getEpochSecond() - 60);
      case "of another audience" -> with("aud", "elsewhere");
      case "without audience" -> FakeIssuer.token(claims -> claims.remove("aud"));
      case "of another issuer" -> with("iss", "https://mallory.example");
      case "without end" -> FakeIssuer.token(claims -> claims.remove("exp"));
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
