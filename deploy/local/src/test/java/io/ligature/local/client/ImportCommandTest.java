package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportCommandTest {

  private static final String CARD_PATH = "/.well-known/agent-card.json";
  private static final String CARD =
      """
      {"name": "Recipe Agent", "description": "Cooks.", "version": "1.2.0",
       "supportedInterfaces": [
         {"url": "https://a.example/grpc", "protocolBinding": "GRPC", "protocolVersion": "1.0"},
         {"url": "https://a.example/a2a", "protocolBinding": "JSONRPC", "protocolVersion": "1.0",
          "tenant": "acme"}],
       "capabilities": {"streaming": true},
       "defaultInputModes": ["text/plain"], "defaultOutputModes": ["application/json"],
       "skills": [{"id": "find recipe", "name": "Find", "description": "d", "tags": []},
                  {"id": "scale", "name": "Scale", "description": "d", "tags": []}]%s}
      """;
  private static final String TOOLS =
      """
      "result": {"tools": [
        {"name": "forecast", "description": "Weather.",
         "inputSchema": {"type": "object", "required": ["city"]},
         "outputSchema": {"type": "object"}},
        {"name": "Alerts", "inputSchema": {"type": "object"}}]}
      """;

  @TempDir Path folder;
  private FakeServices services;
  private FakeRemote remote;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
    remote = new FakeRemote();
  }

  @AfterEach
  void stop() {
    remote.close();
    services.close();
  }

  private Run run(String... arguments) {
    return Run.with(services, arguments);
  }

  private void hasTools() {
    remote
        .has(
            "initialize",
            "\"result\": {\"protocolVersion\": \"2025-06-18\", \"serverInfo\": {\"name\": \"w\","
                + " \"version\": \"2.1\"}}")
        .has("tools/list", TOOLS);
  }

  @Test
  void registersTheAgentOfACard() {
    remote.has(CARD_PATH, CARD.formatted(""));
    services.answer("PUT /agents/recipe-agent", 201, "{}");

    Run run =
        run(
            "agents",
            "import",
            remote.url(),
            "--per-call=0.05",
            "--capability=find recipe=recipes.find");

    assertThat(run).isEqualTo(new Run(0, "registered recipe-agent\n", ""));
    assertThat(services.calls().getFirst().body())
        .isEqualTo(
            "{\"version\":\"1.2.0\",\"description\":\"Cooks.\",\"capabilities\":["
                + "{\"name\":\"recipes.find\"},{\"name\":\"scale\"}],\"adapter\":\"a2a\","
                + "\"settings\":{\"url\":\"https://a.example/a2a\",\"tenant\":\"acme\","
                + "\"stream\":true,\"send\":\"text\","
                + "\"acceptedOutputModes\":[\"application/json\"]},"
                + "\"price\":{\"perCall\":\"0.05\"}}");
  }

  @Test
  void takesTheAddressOfTheCardItself() {
    remote.has("/cards/one.json", CARD.formatted(""));
    services.answer("PUT /agents/kitchen.recipe-agent", 201, "{}");

    Run run = run("agents", "import", remote.url() + "/cards/one.json", "--prefix=kitchen.");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("registered kitchen.recipe-agent\n")
        .contains("price is unknown");
    assertThat(services.calls().getFirst().body()).contains("\"name\":\"kitchen.find-recipe\"");
  }

  @Test
  void printsYamlAndRegistersNothingInADryRun() {
    remote.has(CARD_PATH, CARD.formatted(""));

    Run run = run("agents", "import", remote.url(), "--dry-run", "--allow-unknown-price");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("---\nid: recipe-agent\nversion: 1.2.0\ndescription: Cooks.\n")
        .contains("adapter: a2a\n")
        .contains("  url: https://a.example/a2a\n")
        .endsWith("price: {}\nallowUnknownPrice: true\n");
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void saysWhichHeaderACardAsksForAndKeepsTheReferenceOfTheOneItGets() throws Exception {
    remote.has(
        CARD_PATH,
        CARD.formatted(
            """
            , "securitySchemes": {
               "key": {"apiKeySecurityScheme": {"location": "header", "name": "X-Key"}},
               "bearer": {"httpAuthSecurityScheme": {"scheme": "Bearer"}},
               "query": {"apiKeySecurityScheme": {"location": "query", "name": "k"}}},
              "securityRequirements": [{"schemes": {"bearer": {"list": []}}},
               {"schemes": {"query": {"list": []}}}, {"schemes": {"key": {"list": []}}}]
            """));
    Path secret = Files.writeString(folder.resolve("key"), "s3cret\n");
    services.answer("PUT /agents/recipe-agent", 201, "{}");

    assertThat(run("agents", "import", remote.url()))
        .isEqualTo(
            new Run(
                1,
                "",
                remote.url()
                    + CARD_PATH
                    + " asks for credentials: --header 'Authorization=Bearer ${env:TOKEN}' (bearer);"
                    + " or scheme query, which no header carries; or --header 'X-Key=env:KEY'"
                    + " (key)\n"));
    assertThat(run("agents", "import", remote.url(), "--header=X-Key=file:" + secret).exitCode())
        .isZero();
    assertThat(services.calls().getFirst().body())
        .contains("\"headers\":{\"X-Key\":\"file:" + secret + "\"}")
        .doesNotContain("s3cret");
    assertThat(remote.heard().getLast()).isEqualTo(CARD_PATH + " X-Key=s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": \"a\"} | is no agent card",
        "[] | is no agent card",
        "hello | does not answer with JSON",
        "{\"name\": \"a\", \"skills\": [{\"id\": \"s\"}], \"supportedInterfaces\": [{\"protocolBinding\": \"JSONRPC\", \"protocolVersion\": \"0.3\"}]} | offers no JSON-RPC interface of A2A 1.0, only JSONRPC 0.3",
        "{\"name\": \"a\", \"skills\": [{\"id\": \"s\"}], \"url\": \"http://a\"} | offers no JSON-RPC interface of A2A 1.0"
      })
  void refusesWhatIsNoCardOfTheVersion(String card, String words) {
    remote.has(CARD_PATH, card);

    Run run = run("agents", "import", remote.url());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(words);
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void refusesANameForASkillThatIsNotThere() {
    remote.has(CARD_PATH, CARD.formatted(""));

    assertThat(run("agents", "import", remote.url(), "--capability=bake=b"))
        .isEqualTo(new Run(2, "", "--capability: there is no skill or tool bake\n"));
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void saysWhereAndWhyThereIsNoCard() {
    assertThat(run("agents", "import", remote.url()).err())
        .isEqualTo(remote.url() + CARD_PATH + " answers with HTTP 404\n");
    assertThat(run("agents", "import", remote.answersWith(401).url()).err())
        .contains("HTTP 401; give what it asks for with --header");
    assertThat(run("agents", "import", "http://127.0.0.1:1/").err()).startsWith("no answer from");
  }

  @Test
  void refusesAReferenceThatLeadsNowhere() {
    assertThat(run("agents", "import", remote.url(), "--header=X-Key=file:/absent"))
        .isEqualTo(new Run(2, "", "--header X-Key: file:/absent cannot be read here\n"));
    assertThat(run("agents", "import", remote.url(), "--header=X-Key=env:LIGATURE_ABSENT").err())
        .isEqualTo("--header X-Key: env:LIGATURE_ABSENT is not set here\n");
    assertThat(remote.heard()).isEmpty();
  }

  @Test
  void registersEachToolOfAnMcpServerWithItsSchemas() {
    hasTools();
    services.answer("PUT /agents/w-forecast", 201, "{}").answer("PUT /agents/w-alerts", 201, "{}");

    Run run =
        run(
            "agents",
            "import",
            "--mcp",
            remote.url() + "/mcp",
            "--prefix=w-",
            "--per-call=0",
            "--capability=forecast=weather.forecast");

    assertThat(run).isEqualTo(new Run(0, "registered w-forecast\nregistered w-alerts\n", ""));
    assertThat(services.calls().getFirst().body())
        .isEqualTo(
            "{\"version\":\"2.1\",\"description\":\"Weather.\",\"capabilities\":["
                + "{\"name\":\"weather.forecast\",\"inputSchema\":{\"type\":\"object\","
                + "\"required\":[\"city\"]},\"outputSchema\":{\"type\":\"object\"}}],"
                + "\"adapter\":\"mcp\",\"settings\":{\"url\":\""
                + remote.url()
                + "/mcp\",\"tool\":\"forecast\"},\"price\":{\"perCall\":\"0\"}}");
    assertThat(remote.heard())
        .containsExactly(
            "initialize",
            "notifications/initialized Mcp-Session-Id=s-1",
            "tools/list Mcp-Session-Id=s-1");
  }

  @Test
  void readsTheAnswersOfAnMcpServerThatStreams() {
    hasTools();
    remote.asEvents();

    Run run = run("agents", "import", "--mcp", remote.url(), "--dry-run");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("id: forecast\n").contains("id: alerts\n");
  }

  @Test
  void saysWhatAnMcpServerDidNotDo() {
    remote.has("initialize", "\"error\": {\"code\": -32601, \"message\": \"no such method\"}");
    assertThat(run("agents", "import", "--mcp", remote.url()).err())
        .isEqualTo(
            remote.url() + " does not answer initialize as an MCP server does: no such method\n");

    remote
        .has("initialize", "\"result\": {\"protocolVersion\": \"2025-06-18\"}")
        .has("tools/list", "\"result\": {\"tools\": []}");
    assertThat(run("agents", "import", "--mcp", remote.url()).err())
        .isEqualTo(remote.url() + " has no tools\n");
  }
}
