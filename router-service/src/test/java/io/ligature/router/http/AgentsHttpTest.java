package io.ligature.router.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Registering agents, looking at how they did, and asking why. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class AgentsHttpTest {

  private static final Path API = Path.of("..", "docs", "openapi", "router-service.yaml");

  @BeforeEach
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  @Test
  void keepsEveryFieldOfARegistration() {
    put(
            "/agents/fields",
            """
            {"capabilities": [{"name": "text.fields"}], "adapter": "http",
             "price": {"perCall": 0.02, "currency": "USD", "validFrom": "2026-01-01T00:00:00Z",
                       "validUntil": "2027-01-01T00:00:00Z"},
             "limits": {"requestsPerMinute": 60, "tokensPerMinute": 9000, "quota": "m-1"},
             "group": "fields", "weight": 0.5, "fallbackTier": 2, "shadowShare": 0.1,
             "draining": true, "tags": {"tier": "gold"}, "tenants": ["acme"]}
            """)
        .then()
        .statusCode(201)
        .body("change", equalTo("created"));

    user()
        .get("/agents/fields")
        .then()
        .body("price.currency", equalTo("USD"))
        .body("price.validFrom", equalTo("2026-01-01T00:00:00Z"))
        .body("price.validUntil", equalTo("2027-01-01T00:00:00Z"))
        .body("limits.quota", equalTo("m-1"))
        .body("group", equalTo("fields"))
        .body("weight", equalTo(0.5f))
        .body("fallbackTier", equalTo(2))
        .body("shadowShare", equalTo(0.1f))
        .body("draining", equalTo(true))
        .body("tags.tier", equalTo("gold"))
        .body("tenants", contains("acme"));
  }

  @Test
  void refusesFieldsThatCannotBe() {
    put(
            "/agents/statistics",
            """
            {"capabilities": [{"name": "text.bad"}], "adapter": "http",
             "price": {"currency": "EUR", "validFrom": "2026-01-01T00:00:00Z",
                       "validUntil": "2026-01-01T00:00:00Z"},
             "limits": {"quota": "a b"}, "group": "a b", "weight": -1, "fallbackTier": 101,
             "shadowShare": 2, "draining": "yes"}
            """)
        .then()
        .statusCode(400)
        .body(
            "violations",
            contains(
                startsWith("id: 'statistics' is an address of the API"),
                equalTo(
                    "price.currency: 'EUR' is not the deployment's currency"
                        + " (ligature.currency=USD); give the price in USD"),
                startsWith("price.validUntil: 2026-01-01T00:00:00Z is not after"),
                startsWith("limits.quota: 'a b' does not match"),
                equalTo("draining: must be true or false"),
                startsWith("group: 'a b' does not match"),
                equalTo("weight: must be a number of at least 0"),
                equalTo("fallbackTier: must be at most 100"),
                equalTo("shadowShare: must be a number from 0 to 1")));
  }

  @Test
  void leavesAloneWhatHasNotChanged() {
    String agent = agent("text.same", "{\"type\": \"object\"}");
    String tag = put("/agents/same", agent).getHeader("ETag");
    String registeredAt = user().get("/agents/same").path("registeredAt");

    Response again = put("/agents/same", agent);

    again.then().statusCode(200).body("change", equalTo("unchanged"));
    assertThat(again.getHeader("ETag")).isEqualTo(tag);
    user()
        .get("/agents/same")
        .then()
        .header("ETag", equalTo(tag))
        .body("registeredAt", equalTo(registeredAt));
    put("/agents/same", agent.replace("0.02", "0.03"))
        .then()
        .statusCode(200)
        .body("change", equalTo("changed"));
  }

  @Test
  void replacesOnlyWhatTheCallerSaw() {
    String agent = agent("text.match", "{\"type\": \"object\"}");
    String tag = put("/agents/match", agent).getHeader("ETag");
    String other = agent.replace("0.02", "0.03");

    sent("If-Match", "\"nonsense\"", "/agents/match", other).then().statusCode(412);
    sent("If-None-Match", "*", "/agents/match", other).then().statusCode(412);
    sent("If-Match", "*", "/agents/no-match", agent)
        .then()
        .statusCode(412)
        .contentType("application/problem+json")
        .body("detail", startsWith("no agent has the id 'no-match'"));
    user().get("/agents/match").then().body("price.perCall", equalTo("0.02"));
    sent("If-Match", tag, "/agents/match", other).then().statusCode(200);
    sent("If-Match", tag, "/agents/match", agent).then().statusCode(412);
    sent("If-None-Match", "*", "/agents/new-match", agent).then().statusCode(201);
  }

  @Test
  void checksWithoutChangingInADryRun() {
    String agent = agent("text.dry", "{\"type\": \"object\"}");

    put("/agents/dry?dryRun=true", agent).then().statusCode(200).body("change", equalTo("created"));
    user().get("/agents/dry").then().statusCode(404);
    put("/agents/dry?dryRun=true", "{}").then().statusCode(400);
  }

  @Test
  void refusesAnAgentThatCannotStandInForAnother() {
    put("/agents/first", agent("text.clash", "{\"type\": \"object\"}")).then().statusCode(201);
    String strict = agent("text.clash", "{\"type\": \"object\", \"required\": [\"a\"]}");

    put("/agents/second", strict)
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("clashes[0].capability", equalTo("text.clash"))
        .body("clashes[0].agent", equalTo("first"))
        .body("clashes[0].side", equalTo("input"))
        .body("clashes[0].pointer", equalTo("/required"))
        .body("violations[0]", startsWith("text.clash: inputSchema/required: demands 'a'"));
    put("/agents/second?dryRun=true", strict).then().statusCode(409);
    put("/agents/second", strict.replace("text.clash", "text.clash.v2")).then().statusCode(201);
    put("/agents/third?force=true", strict).then().statusCode(201);
    put("/agents/third", strict.replace("0.02", "0.03")).then().statusCode(200);
  }

  @Test
  void tellsOfAnAgentThatHasDoneNothingYet() {
    put("/agents/idle", agent("text.idle", "{}")).then().statusCode(201);

    user()
        .get("/agents/idle/statistics")
        .then()
        .statusCode(200)
        .body("statistics.size()", equalTo(0));
    user()
        .get("/agents/idle/calibration")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false))
        .body("minVerdicts", equalTo(30))
        .body("capabilities.size()", equalTo(0));
    user()
        .get("/agents/statistics?capability=text.idle")
        .then()
        .body("statistics.size()", equalTo(0));
    user().get("/agents/nobody/statistics").then().statusCode(404);
  }

  @Test
  void takesTheFieldsOfAnEnvelopeToExplain() {
    put("/agents/parts", agent("text.parts", "{}")).then().statusCode(201);

    explain(
            """
            {"capability": "text.parts", "tenant": "acme", "input": {"a": 1}, "maxCost": "0.40",
             "remaining": "1.00", "excludedAgents": ["x"], "prefer": ["parts"], "avoid": ["y"],
             "sticky": true, "workflowId": "w-1", "attempt": "w-1/t#1", "largerContextThan": 100,
             "priority": 9, "qualityThreshold": 0.7, "notAfter": "2020-01-01T00:00:00Z"}
            """)
        .then()
        .statusCode(200)
        .body("decision", equalTo("unplaced"))
        .body("expired", equalTo(true))
        .body("candidates[0].agent", equalTo("parts"))
        .body("candidates[0].parts.price", equalTo("0.02"))
        .body("candidates[0].parts.acceptance", equalTo(0.9f))
        .body("candidates[0].parts.reviewShare", nullValue());
    explain(
            """
            {"capability": "text.parts", "input": 1, "inputBytes": 1, "pin": "a b",
             "priority": 10, "qualityThreshold": 2, "notAfter": "soon", "largerContextThan": 0}
            """)
        .then()
        .statusCode(400)
        .body(
            "violations",
            contains(
                equalTo("input: give either it or inputBytes"),
                startsWith("pin: 'a b' does not match"),
                equalTo("largerContextThan: must be a whole number of at least 1"),
                startsWith("notAfter: 'soon' is not an instant"),
                equalTo("priority: must be a whole number from 0 to 9"),
                equalTo("qualityThreshold: must be a number from 0 to 1")));
  }

  @Test
  void tellsAnAttemptFromAnythingElse() {
    user()
        .urlEncodingEnabled(false)
        .get("/assignments/nonsense")
        .then()
        .statusCode(400)
        .body("title", equalTo("Not an attempt id"));
    user()
        .urlEncodingEnabled(false)
        .get("/assignments/w%2Ft%5B7%5D%231")
        .then()
        .statusCode(404)
        .body("detail", startsWith("no assignment of 'w/t[7]#1' is among"));
  }

  @Test
  void registersTheAgentsOfItsFolderAtTheStart() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> user().get("/agents/folder-c").statusCode() == 200);

    user().get("/agents/folder-a").then().body("registeredBy", equalTo("agents-folder"));
    user().get("/agents/folder-bad").then().statusCode(404);
  }

  @Test
  void isDocumentedAsItIs() throws Exception {
    JsonNode own = new YAMLMapper().readTree(given().get("/q/openapi").asString());
    JsonNode written = new YAMLMapper().readTree(Files.readString(API));

    for (String part : new String[] {"info", "tags", "paths", "components"}) {
      assertThat(written.path(part)).as(part).isEqualTo(own.path(part));
    }
  }

  private static String agent(String capability, String inputSchema) {
    return """
        {"capabilities": [{"name": "%s", "inputSchema": %s}], "adapter": "http",
         "price": {"perCall": 0.02}}
        """
        .formatted(capability, inputSchema);
  }

  private static Response explain(String body) {
    return user().contentType("application/json").body(body).post("/route/explain");
  }

  private static Response put(String path, String body) {
    return user().contentType("application/json").body(body).put(path);
  }

  private static Response sent(String header, String value, String path, String body) {
    return user().header(header, value).contentType("application/json").body(body).put(path);
  }

  private static RequestSpecification user() {
    return given().auth().preemptive().basic("olga", "o");
  }
}
