package io.ligature.router.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class RouterHttpTest {

  private static final Map<String, String> PASSWORDS =
      Map.of("vera", "v", "olga", "o", "adam", "a", "stan", "s");

  private static final String AGENT =
      """
      {"version": "7", "capabilities": [{"name": "text.summarise",
        "inputSchema": {"type": "object"}}],
       "adapter": "http", "settings": {"url": "http://127.0.0.1:1/", "apiKey": "env:KEY"},
       "price": {"perCall": 0.02}, "limits": {"concurrency": 4},
       "expectedLatency": "PT2S", "expectedAcceptance": 0.9}
      """;

  @BeforeEach
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  @ParameterizedTest
  @CsvSource({
    // user, read, explain, write, delete of an unknown agent
    "vera, 200, 200, 403, 403",
    "olga, 200, 200, 400, 404",
    "adam, 200, 200, 400, 404",
    "stan, 403, 403, 403, 403",
    "-,    401, 401, 401, 401"
  })
  void letsIn(String user, int read, int explain, int write, int delete) {
    assertThat(as(user).get("/agents").statusCode()).isEqualTo(read);
    assertThat(as(user).get("/agents/statistics").statusCode()).isEqualTo(read);
    int found = read == 200 ? 404 : read;
    for (String path :
        new String[] {
          "/agents/none/statistics", "/agents/none/calibration", "/assignments/w/t%231"
        }) {
      assertThat(as(user).urlEncodingEnabled(false).get(path).statusCode())
          .as(path)
          .isEqualTo(found);
    }
    assertThat(
            as(user)
                .contentType("application/json")
                .body("{\"capability\": \"text.fly\"}")
                .post("/route/explain")
                .statusCode())
        .isEqualTo(explain);
    assertThat(put(user, "some", "{}").statusCode()).isEqualTo(write);
    assertThat(as(user).post("/agents/none/drain").statusCode()).isEqualTo(delete);
    assertThat(as(user).post("/agents/none/resume").statusCode()).isEqualTo(delete);
    assertThat(as(user).delete("/agents/none").statusCode()).isEqualTo(delete);
  }

  @Test
  void keepsAnAgentFromItsRegistrationToItsEnd() {
    put("olga", "keeper", AGENT)
        .then()
        .statusCode(201)
        .body("id", equalTo("keeper"))
        .body("registeredBy", equalTo("olga"));
    put("olga", "keeper", AGENT).then().statusCode(200);
    as("vera")
        .get("/agents/keeper")
        .then()
        .body("price.perCall", equalTo("0.02"))
        .body("expectedLatency", equalTo("PT2S"))
        .body("capabilities[0].inputSchema.type", equalTo("object"))
        .body("settings.apiKey", equalTo("env:KEY"))
        .body("status.alive", equalTo(false))
        .body("status.inFlight", equalTo(0))
        .body("status.cooldownUntil", nullValue());

    as("olga").post("/agents/keeper/drain").then().statusCode(200);
    put("olga", "keeper", AGENT).then().body("draining", equalTo(true));
    as("vera").get("/agents").then().body("agents.id", hasItem("keeper"));
    as("olga").post("/agents/keeper/resume").then().body("draining", equalTo(false));
    as("olga").delete("/agents/keeper").then().statusCode(204);

    as("vera")
        .get("/agents/keeper")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("title", equalTo("No such agent"));
  }

  @Test
  void takesYaml() {
    as("adam")
        .contentType("application/yaml")
        .body(
            """
            id: yaml
            adapter: script
            capabilities:
              - name: text.yaml
            price: { perCall: 0 }
            """
                .getBytes(StandardCharsets.UTF_8))
        .put("/agents/yaml")
        .then()
        .statusCode(201)
        .body("price.perCall", equalTo("0.00"));
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    put(
            "olga",
            "bad@id",
            """
            {"id": "other", "adapter": "", "pool": "a b", "price": {"perCall": -1, "perCal": 1},
             "limits": {"concurrency": 0}, "expectedAcceptance": 2, "expectedLatency": "2s",
             "settings": {"headers": {"X-Api-Key": "sk-123"}, "url": "http://x/"},
             "capabilities": [{"name": "a", "inputSchema": {"type": "objekt"}},
                              {"name": "a", "outputSchema": {"$schema": "urn:mine"}}]}
            """)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body(
            "violations",
            contains(
                startsWith("id: 'bad@id' does not match"),
                startsWith("id: 'other' in the body is not the 'bad@id'"),
                startsWith("capabilities[0].inputSchema/type: not a well-formed JSON Schema"),
                startsWith("capabilities[0].inputSchema/type: not a well-formed JSON Schema"),
                equalTo("capabilities[1].name: 'a' is there twice"),
                startsWith("capabilities[1].outputSchema.$schema: 'urn:mine' is not known"),
                equalTo("adapter: is required"),
                equalTo(
                    "settings.headers.X-Api-Key: looks like a secret; give a reference, env:NAME"
                        + " or file:/path, instead"),
                startsWith("price.perCall: must be an amount from 0"),
                startsWith("price.perCal: unknown field"),
                equalTo("limits.concurrency: must be a whole number of at least 1"),
                equalTo("expectedLatency: '2s' is not a duration such as PT2S"),
                equalTo("expectedAcceptance: must be a number from 0 to 1"),
                startsWith("pool: 'a b' does not match")));
  }

  @Test
  void refusesABodyItCannotRead() {
    put("olga", "x", "{\"adapter\": ")
        .then()
        .statusCode(400)
        .body("detail", startsWith("the body is not JSON: line "));
    put("olga", "x", "[]").then().statusCode(400).body("title", equalTo("Not an object"));
  }

  @Test
  void goesThroughTheAgentsByPage() {
    for (String id : new String[] {"page-a", "page-b", "page-c"}) {
      put("olga", id, AGENT);
    }

    as("vera")
        .get("/agents?cursor=page-&limit=2")
        .then()
        .body("agents.id", contains("page-a", "page-b"))
        .body("next", equalTo("page-b"));
    as("vera").get("/agents?limit=0").then().statusCode(400);
  }

  @Test
  void explainsWhyNobodyWouldDoIt() {
    put("olga", "explained", AGENT.replace("text.summarise", "text.explain"));

    as("vera")
        .contentType("application/json")
        .body("{\"capability\": \"text.explain\", \"inputBytes\": 100, \"maxCost\": \"0.40\"}")
        .post("/route/explain")
        .then()
        .statusCode(200)
        .body("decision", equalTo("unplaced"))
        .body("filter", equalTo("health"))
        .body("candidates[0].agent", equalTo("explained"))
        .body("candidates[0].droppedBy", equalTo("health"));
    as("vera")
        .contentType("application/json")
        .body("{\"capability\": \"\", \"maxCost\": -1}")
        .post("/route/explain")
        .then()
        .statusCode(400)
        .body(
            "violations",
            contains(equalTo("capability: is required"), startsWith("maxCost: must be an amount")));
  }

  @Test
  void showsItsFigures() {
    as("-")
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(org.hamcrest.Matchers.containsString("ligature_router_decisions_total"));
  }

  private static Response put(String user, String id, String body) {
    return as(user).contentType("application/json").body(body).put("/agents/" + id);
  }

  private static RequestSpecification as(String user) {
    RequestSpecification request = given();
    String password = PASSWORDS.get(user);
    return password == null ? request : request.auth().preemptive().basic(user, password);
  }
}
