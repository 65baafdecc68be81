package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.local.client.AgentFiles.Document;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on the agent registry. */
@Command(
    name = "agents",
    description = "Lists, registers, imports, drains and removes agents, and tells how they do.",
    subcommands = {
      AgentCommands.ListAll.class,
      AgentCommands.Show.class,
      AgentCommands.Register.class,
      AgentApply.class,
      ImportCommand.class,
      AgentCommands.Drain.class,
      AgentCommands.Resume.class,
      AgentCommands.Remove.class,
      AgentChoice.Explain.class,
      AgentChoice.Why.class,
      AgentReports.Statistics.class,
      AgentReports.Calibration.class
    })
final class AgentCommands {

  /** Registers the one agent that a YAML text describes, and says its id. */
  static String register(Api router, String yaml, String name) {
    List<String> ids = register(router, AgentFiles.documents(yaml, name), "");
    if (ids.isEmpty()) {
      throw new CommandFailure(ExitCodes.FAILED, name + " holds no agent");
    }
    return ids.getFirst();
  }

  private static List<String> register(Api router, List<Document> documents, String query) {
    List<String> ids = new ArrayList<>();
    for (Document each : documents) {
      String id = each.id();
      if (id == null) {
        throw new CommandFailure(ExitCodes.FAILED, each.place() + each.problem());
      }
      router.put(
          "/agents/" + Api.segment(id) + query, Payloads.JSON_TYPE, String.valueOf(each.agent()));
      ids.add(id);
    }
    return ids;
  }

  @Command(name = "list", description = "Lists agents with what they do now.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
    private int limit;

    @Option(names = "--cursor", description = "Go on where a page ended.")
    private @Nullable String cursor;

    @Override
    public Integer call() {
      JsonNode agents =
          session
              .router()
              .get("/agents?limit=" + limit + WorkflowCommands.parameter("cursor", cursor));
      if (session.json()) {
        session.print(agents);
        return ExitCodes.OK;
      }
      Table table = new Table("AGENT", "VERSION", "CAPABILITIES", "ADAPTER", "PRICE", "STATUS");
      for (JsonNode agent : agents.path("agents")) {
        table.row(
            WorkflowText.text(agent, "id"),
            WorkflowText.text(agent, "version"),
            StreamSupport.stream(agent.path("capabilities").spliterator(), false)
                .map(capability -> WorkflowText.text(capability, "name"))
                .collect(Collectors.joining(", ")),
            WorkflowText.text(agent, "adapter"),
            WorkflowText.text(agent.path("price"), "perCall"),
            status(agent));
      }
      session.print(table.toString());
      WorkflowCommands.printNext(session, agents);
      return ExitCodes.OK;
    }

    private static String status(JsonNode agent) {
      JsonNode live = agent.path("status");
      return (live.path("alive").asBoolean() ? "alive" : "no executor")
          + ", in flight "
          + live.path("inFlight").asInt()
          + (agent.path("draining").asBoolean() ? ", draining" : "")
          + (live.hasNonNull("cooldownUntil")
              ? ", cooling down until " + live.get("cooldownUntil").asText()
              : "");
    }
  }

  @Command(name = "show", description = "Shows one agent.")
  static final class Show implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "AGENT")
    private String id = "";

    @Override
    public Integer call() {
      session.print(session.router().get("/agents/" + Api.segment(id)));
      return ExitCodes.OK;
    }
  }

  @Command(name = "register", description = "Registers agents, or replaces them, from YAML files.")
  static final class Register implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    @Option(names = "--force", description = "Also where schemas clash with those of other agents.")
    private boolean force;

    @Override
    public Integer call() {
      for (Path file : files) {
        AgentCommands.register(
                session.router(), AgentFiles.documents(file), force ? "?force=true" : "")
            .forEach(id -> session.print("registered " + id));
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "drain", description = "Gives an agent nothing new.")
  static final class Drain implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "AGENT")
    private String id = "";

    @Override
    public Integer call() {
      JsonNode agent =
          session
              .router()
              .post("/agents/" + Api.segment(id) + "/drain", Payloads.JSON.createObjectNode());
      if (session.json()) {
        session.print(agent);
      } else {
        session.print("draining " + id);
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "resume", description = "Ends the draining of an agent.")
  static final class Resume implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "AGENT")
    private String id = "";

    @Override
    public Integer call() {
      JsonNode agent =
          session
              .router()
              .post("/agents/" + Api.segment(id) + "/resume", Payloads.JSON.createObjectNode());
      if (session.json()) {
        session.print(agent);
      } else {
        session.print("resumed " + id);
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "remove", description = "Removes an agent.")
  static final class Remove implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "AGENT")
    private String id = "";

    @Override
    public Integer call() {
      session.router().delete("/agents/" + Api.segment(id));
      session.print("removed " + id);
      return ExitCodes.OK;
    }
  }
}
