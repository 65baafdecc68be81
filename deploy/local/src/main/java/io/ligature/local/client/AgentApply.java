package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.local.client.AgentFiles.Document;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Makes the registered agents what files say. Agents carry the name of where they were applied from
 * as a tag, so that those that are gone from there can be told from all others.
 */
@Command(
    name = "apply",
    description = {
      "Registers all agents of YAML files and folders; what has not changed is left alone.",
      "Several agents may stand in one file, with --- between them."
    })
final class AgentApply implements Callable<Integer> {

  /** The tag that says where an agent was applied from. */
  static final String SOURCE = "applied-from";

  private static final int PAGE = 500;

  @Mixin private final Session session = new Session();

  @Parameters(arity = "1..*", paramLabel = "FOLDER|FILE")
  private List<Path> paths = List.of();

  @Option(
      names = "--prune",
      description = "Remove agents that were applied from the same source and are gone from it.")
  private boolean prune;

  @Option(names = "--dry-run", description = "Say what would happen, and change nothing.")
  private boolean dryRun;

  @Option(names = "--force", description = "Also where schemas clash with those of other agents.")
  private boolean force;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "Name of where the agents come from (default: the folder's name).")
  private @Nullable String source;

  private record Line(String place, String agent, String change, String note) {}

  private final List<Line> lines = new ArrayList<>();

  @Override
  public Integer call() {
    String from = source();
    List<Document> documents = new ArrayList<>();
    AgentFiles.files(paths).forEach(file -> documents.addAll(AgentFiles.documents(file)));
    if (documents.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.USAGE, "there is no agent in " + paths + "; name folders with *.yaml files");
    }
    Api router = session.router();
    Map<String, String> places = new HashMap<>();
    documents.forEach(document -> apply(router, document, from, places));
    boolean refused = lines.stream().anyMatch(line -> line.change.equals("refused"));
    if (prune && !refused && from != null) {
      prune(router, from, places);
    }
    print(refused);
    return refused ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private @Nullable String source() {
    if (source != null) {
      return source;
    }
    boolean oneFolder = paths.size() == 1 && Files.isDirectory(paths.getFirst());
    if (oneFolder) {
      return paths.getFirst().toAbsolutePath().normalize().getFileName().toString();
    }
    if (prune) {
      throw new CommandFailure(
          ExitCodes.USAGE, "--prune needs one folder, or --source NAME to say what it is about");
    }
    return null;
  }

  private void apply(
      Api router, Document document, @Nullable String from, Map<String, String> places) {
    String id = document.id();
    ObjectNode agent = document.agent();
    if (id == null || agent == null) {
      lines.add(new Line(document.place(), "", "refused", document.place() + document.problem()));
      return;
    }
    String before = places.putIfAbsent(id, document.place());
    if (before != null) {
      lines.add(new Line(document.place(), id, "refused", "'" + id + "' is in " + before + " too"));
      return;
    }
    if (from != null && (agent.path("tags").isObject() || !agent.hasNonNull("tags"))) {
      agent.withObjectProperty("tags").put(SOURCE, from);
    }
    try {
      JsonNode answer = router.put(path(id), Payloads.JSON_TYPE, agent.toString());
      lines.add(new Line(document.place(), id, answer.path("change").asText("applied"), ""));
    } catch (ApiFailure e) {
      if (e.isPassing()) {
        throw e;
      }
      lines.add(new Line(document.place(), id, "refused", String.valueOf(e.getMessage())));
    }
  }

  private String path(String id) {
    String query = (force ? "&force=true" : "") + (dryRun ? "&dryRun=true" : "");
    return "/agents/" + Api.segment(id) + (query.isEmpty() ? "" : "?" + query.substring(1));
  }

  private void prune(Api router, String from, Map<String, String> kept) {
    for (String id : appliedFrom(router, from)) {
      if (!kept.containsKey(id)) {
        if (!dryRun) {
          router.delete("/agents/" + Api.segment(id));
        }
        lines.add(new Line("", id, "removed", "it is gone from " + from));
      }
    }
  }

  private static List<String> appliedFrom(Api router, String from) {
    List<String> ids = new ArrayList<>();
    String cursor = null;
    do {
      JsonNode page =
          router.get("/agents?limit=" + PAGE + WorkflowCommands.parameter("cursor", cursor));
      for (JsonNode agent : page.path("agents")) {
        if (agent.path("tags").path(SOURCE).asText().equals(from)) {
          ids.add(agent.path("id").asText());
        }
      }
      cursor = page.path("next").asText(null);
    } while (cursor != null);
    return ids;
  }

  private void print(boolean refused) {
    boolean notPruned = prune && refused;
    if (session.json()) {
      ObjectNode answer = Payloads.JSON.createObjectNode();
      answer.put("dryRun", dryRun).put("pruned", prune && !refused);
      ArrayNode agents = answer.putArray("agents");
      for (Line line : lines) {
        ObjectNode each = agents.addObject();
        each.put("file", line.place).put("agent", line.agent).put("change", line.change);
        each.put("note", line.note);
      }
      session.print(answer);
      return;
    }
    Table table = new Table("AGENT", "CHANGE", "FILE");
    lines.forEach(line -> table.row(line.agent, line.change, line.place));
    session.print(table.toString());
    for (Line line : lines) {
      if (line.change.equals("refused")) {
        session.print(line.agent.isEmpty() ? line.note : line.place + ": " + line.note);
      }
    }
    if (notPruned) {
      session.print("Nothing was removed, because something was refused.");
    }
    if (dryRun) {
      session.print("Nothing was changed: this was a dry run.");
    }
  }
}
