package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentApplyTest {

  private static final String CREATED = "{\"change\": \"created\"}";
  private static final String UNCHANGED = "{\"change\": \"unchanged\"}";
  private static final String REFUSED =
      """
      {"title": "The agent is refused", "status": 400, "detail": "adapter: is required",
       "violations": ["adapter: is required"]}
      """;

  @TempDir Path temp;
  private Path folder;
  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    folder = Files.createDirectory(temp.resolve("team"));
    services = new FakeServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void registersAllAgentsOfAFolderAndSaysWhatChanged() throws Exception {
    file("a.yaml", "id: a\nadapter: http\n---\nid: b\nadapter: http\ntags: { tier: gold }\n");
    file("c.yml", "id: c\nadapter: http\n");
    file("notes.txt", "not an agent");
    services
        .answer("PUT /agents/a", 201, CREATED)
        .answer("PUT /agents/b", 200, UNCHANGED)
        .answer("PUT /agents/c", 200, "{\"change\": \"changed\"}");

    Run run = Run.with(services, "agents", "apply", folder.toString());

    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                "AGENT  CHANGE     FILE\n"
                    + ("a      created    " + folder + "/a.yaml#1\n")
                    + ("b      unchanged  " + folder + "/a.yaml#2\n")
                    + ("c      changed    " + folder + "/c.yml\n"),
                ""));
    assertThat(services.calls())
        .extracting(FakeServices.Call::body)
        .containsExactly(
            "{\"adapter\":\"http\",\"tags\":{\"applied-from\":\"team\"}}",
            "{\"adapter\":\"http\",\"tags\":{\"tier\":\"gold\",\"applied-from\":\"team\"}}",
            "{\"adapter\":\"http\",\"tags\":{\"applied-from\":\"team\"}}");
  }

  @Test
  void goesOnPastWhatIsRefusedAndFails() throws Exception {
    file("a.yaml", "adapter: http\n");
    file("b.yaml", "id: [\n");
    file("c.yaml", "id: c\n");
    file("d.yaml", "id: d\nadapter: http\n");
    services.answer("PUT /agents/c", 400, REFUSED).answer("PUT /agents/d", 201, CREATED);

    Run run = Run.with(services, "agents", "apply", folder.toString(), "--prune");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("d      created  ")
        .contains(folder + "/a.yaml has no field 'id'; add one\n")
        .contains(folder + "/b.yaml is not YAML: line ")
        .contains(folder + "/c.yaml: The agent is refused\n  - adapter: is required\n")
        .endsWith("Nothing was removed, because something was refused.\n");
    assertThat(services.lines()).containsExactly("PUT /agents/c", "PUT /agents/d");
  }

  @Test
  void refusesAnAgentThatIsThereTwice() throws Exception {
    file("a.yaml", "id: a\nadapter: http\n");
    file("b.yaml", "id: a\nadapter: script\n");
    services.answer("PUT /agents/a", 201, CREATED);

    Run run = Run.with(services, "agents", "apply", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("/b.yaml: 'a' is in " + folder + "/a.yaml too");
    assertThat(services.lines()).containsExactly("PUT /agents/a");
  }

  @Test
  void removesWhatIsGoneFromTheSameSourceAndNothingElse() throws Exception {
    file("a.yaml", "id: a\nadapter: http\n");
    services
        .answer("PUT /agents/a", 200, UNCHANGED)
        .answer(
            "GET /agents?limit=500",
            200,
            """
            {"agents": [{"id": "a", "tags": {"applied-from": "team"}},
                        {"id": "gone", "tags": {"applied-from": "team"}}], "next": "gone"}
            """)
        .answer(
            "GET /agents?limit=500&cursor=gone",
            200,
            """
            {"agents": [{"id": "hand", "tags": {}},
                        {"id": "other", "tags": {"applied-from": "else"}}], "next": null}
            """)
        .answer("DELETE /agents/gone", 204, "");

    Run run = Run.with(services, "agents", "apply", folder.toString(), "--prune");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("gone   removed");
    assertThat(services.lines()).filteredOn(each -> each.startsWith("DELETE")).hasSize(1);
  }

  @Test
  void changesNothingInADryRun() throws Exception {
    file("a.yaml", "id: a\nadapter: http\n");
    services
        .answer("PUT /agents/a?force=true&dryRun=true", 200, CREATED)
        .answer(
            "GET /agents?limit=500",
            200,
            "{\"agents\": [{\"id\": \"gone\", \"tags\": {\"applied-from\": \"team\"}}]}");

    Run run =
        Run.with(services, "agents", "apply", folder.toString(), "--prune", "--dry-run", "--force");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("gone   removed")
        .endsWith("Nothing was changed: this was a dry run.\n");
    assertThat(services.lines())
        .containsExactly("PUT /agents/a?force=true&dryRun=true", "GET /agents?limit=500");
  }

  @Test
  void tellsMachinesTheSame() throws Exception {
    file("a.yaml", "id: a\nadapter: http\n");
    services.answer("PUT /agents/a", 201, CREATED);

    assertThat(
            Run.with(services, "agents", "apply", folder.resolve("a.yaml").toString(), "--json")
                .out())
        .contains("\"agent\" : \"a\"", "\"change\" : \"created\"", "\"pruned\" : false");
    assertThat(services.calls().getFirst().body()).isEqualTo("{\"adapter\":\"http\"}");
  }

  @Test
  void wantsToKnowWhatPruningIsAbout() throws Exception {
    Path file = file("a.yaml", "id: a\nadapter: http\n");

    assertThat(Run.with(services, "agents", "apply", file.toString(), "--prune"))
        .isEqualTo(
            new Run(2, "", "--prune needs one folder, or --source NAME to say what it is about\n"));
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void saysWhenThereIsNothingToApply() {
    Run run = Run.with(services, "agents", "apply", folder.toString(), "--prune");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("there is no agent in ");
    assertThat(services.calls()).isEmpty();
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }
}
