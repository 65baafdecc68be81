package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a workflow, by an event on {@code ligature.starts} as any user would, or by REST. */
@Command(name = "start", description = "Starts a workflow.")
final class StartCommand implements Callable<Integer> {

  @Mixin private final Session session = new Session();

  @Parameters(
      paramLabel = "FILE|NAME",
      description = "A definition's file, which is put first, or the name of one that is known.")
  private String definition = "";

  @Option(names = "--input", defaultValue = "{}", description = "JSON, or @FILE.")
  private String input = "";

  @Option(names = "--id", description = "Workflow id; one is made up when left out.")
  private @Nullable String id;

  @Option(names = "--rest", description = "Start by REST instead of by an event.")
  private boolean rest;

  @Option(names = "--watch", description = "Follow it until it ends.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    String name = known(session.state());
    String workflowId = id == null ? name + "-" + random() : id;
    JsonNode json = Session.jsonArgument("--input", input);
    if (rest) {
      ObjectNode body = Payloads.JSON.createObjectNode();
      body.put("workflowId", workflowId).put("definition", name).set("input", json);
      session.state().post("/workflows", body);
    } else {
      new StartEvents(session.endpoints()).send(workflowId, name, json);
    }
    JsonNode view = Watcher.awaitKnown(session.state(), workflowId);
    if (watch) {
      return Watcher.follow(session, workflowId) ? ExitCodes.OK : ExitCodes.FAILED;
    }
    if (session.json()) {
      session.print(view);
    } else {
      session.print(WorkflowText.headline(view));
    }
    if (view.path("status").asText().equals("refused")) {
      session.print(WorkflowText.ending(view));
      return ExitCodes.FAILED;
    }
    return ExitCodes.OK;
  }

  private String known(Api state) {
    Path file = Path.of(definition);
    return Files.isRegularFile(file)
        ? DefinitionCommands.put(state, Session.file(file), definition).path("name").asText()
        : definition;
  }

  static String random() {
    byte[] bytes = new byte[4];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
