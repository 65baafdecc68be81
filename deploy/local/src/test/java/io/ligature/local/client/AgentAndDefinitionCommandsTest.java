package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentAndDefinitionCommandsTest {

  @TempDir Path folder;
  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void listsAgentsWithWhatTheyDoNow() {
    services.answer(
        "GET /agents?limit=50",
        200,
        """
        {"agents": [
          {"id": "a", "version": "1", "capabilities": [{"name": "x"}, {"name": "y"}],
           "adapter": "http", "price": {"perCall": "0.02"}, "draining": false,
           "status": {"alive": true, "inFlight": 3, "cooldownUntil": null}},
          {"id": "b", "version": "2", "capabilities": [{"name": "x"}], "adapter": "script",
           "price": {"perCall": null}, "draining": true,
           "status": {"alive": false, "inFlight": 0, "cooldownUntil": "2026-03-01T10:00:00Z"}}],
         "next": "b"}
        """);

    assertThat(Run.with(services, "agents", "list"))
        .isEqualTo(
            new Run(
                0,
                """
                AGENT  VERSION  CAPABILITIES  ADAPTER  PRICE  STATUS
                a      1        x, y          http     0.02   alive, in flight 3
                b      2        x             script          no executor, in flight 0, draining, cooling down until 2026-03-01T10:00:00Z
                There are more: --cursor b
                """,
                ""));
  }

  @Test
  void registersAgentsFromYaml() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("a.yaml"), "id: a\nadapter: http\nprice: { perCall: 0.010 }\n");
    services.answer("PUT /agents/a", 201, "{}");

    assertThat(Run.with(services, "agents", "register", file.toString()))
        .isEqualTo(new Run(0, "registered a\n", ""));
    assertThat(services.calls())
        .containsExactly(
            new FakeServices.Call(
                "PUT /agents/a",
                "operator:secret-o",
                "application/json",
                "{\"adapter\":\"http\",\"price\":{\"perCall\":0.01}}"));
  }

  @Test
  void refusesAgentsWithoutAnIdAndWhatIsNoYaml() throws Exception {
    Path nameless = Files.writeString(folder.resolve("a.yaml"), "adapter: http\n");
    Path broken = Files.writeString(folder.resolve("b.yaml"), "id: [\n");

    assertThat(Run.with(services, "agents", "register", nameless.toString()))
        .isEqualTo(new Run(1, "", nameless + " has no field 'id'; add one\n"));
    Run run = Run.with(services, "agents", "register", broken.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith(broken + " is not YAML: ");
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void drainsResumesAndRemoves() {
    services
        .answer("POST /agents/a/drain", 200, "{}")
        .answer("POST /agents/a/resume", 200, "{}")
        .answer("DELETE /agents/a", 204, "");

    assertThat(Run.with(services, "agents", "drain", "a").out()).isEqualTo("draining a\n");
    assertThat(Run.with(services, "agents", "resume", "a").out()).isEqualTo("resumed a\n");
    assertThat(Run.with(services, "agents", "remove", "a").out()).isEqualTo("removed a\n");
    assertThat(Run.with(services, "agents", "drain", "b").exitCode()).isEqualTo(1);
  }

  @Test
  void validatesWithoutAnythingRunning() throws Exception {
    Path sound =
        Files.writeString(folder.resolve("a.yaml"), "name: a\ntasks: {t: {capability: c}}");
    Path refused =
        Files.writeString(
            folder.resolve("b.yaml"), "name: b\ntasks:\n  t: { capability: c, needs: [u] }\n");

    assertThat(Run.alone("validate", sound.toString()))
        .isEqualTo(new Run(0, sound + ": a is sound, 1 task\n", ""));
    assertThat(Run.alone("validate", sound.toString(), "--json"))
        .isEqualTo(new Run(0, "{\n  \"valid\" : true,\n  \"problems\" : [ ]\n}\n", ""));
    assertThat(Run.alone("validate", refused.toString()))
        .isEqualTo(
            new Run(1, refused + ":3:23: there is no task 'u'; name one of the tasks here\n", ""));
    assertThat(Run.alone("validate", refused.toString(), "--json"))
        .isEqualTo(
            new Run(
                1,
                """
                {
                  "valid" : false,
                  "problems" : [ {
                    "line" : 3,
                    "column" : 23,
                    "path" : "/tasks/t/needs",
                    "message" : "there is no task 'u'",
                    "remedy" : "name one of the tasks here"
                  } ]
                }
                """,
                ""));
    assertThat(Run.alone("validate", "none.yaml"))
        .isEqualTo(new Run(2, "", "cannot read none.yaml\n"));
  }

  @Test
  void listsAndShowsDefinitions() {
    services
        .answer("GET /definitions", 200, "[{\"name\": \"a\", \"version\": 2, \"sha256\": \"ab\"}]")
        .answer("GET /definitions/a", 200, "{\"source\": \"name: a\\n\"}")
        .answer("GET /definitions/a?version=1", 200, "{\"source\": \"name: a # old\\n\"}");

    assertThat(Run.with(services, "definitions", "list").out())
        .isEqualTo("NAME  VERSION  SHA-256\na     2        ab\n");
    assertThat(Run.with(services, "definitions", "show", "a").out()).isEqualTo("name: a\n");
    assertThat(Run.with(services, "definitions", "show", "a", "--version=1").out())
        .isEqualTo("name: a # old\n");
  }

  @Test
  void putsADefinition() throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "name: a\ntasks: {t: {capability: c}}");
    services.answer("PUT /definitions/a", 200, "{\"name\": \"a\", \"version\": 4}");

    assertThat(Run.with(services, "definitions", "put", file.toString()))
        .isEqualTo(new Run(0, "a version 4\n", ""));
  }

  @Test
  void printsALocalUsersPassword() {
    assertThat(Run.with(services, "password", "rita")).isEqualTo(new Run(0, "secret-r\n", ""));
  }
}
