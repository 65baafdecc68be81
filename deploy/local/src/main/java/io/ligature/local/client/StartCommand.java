package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  @Option(names = "--version", description = "Version of the definition (default: the newest).")
  private @Nullable Integer version;

  @Option(
      names = "--budget",
      paramLabel = "AMOUNT",
      description = "Most it may cost, instead of what the definition says; then it fails.")
  private @Nullable String budget;

  @Option(names = "--priority", description = "0 (may wait) to 9 (first).")
  private @Nullable Integer priority;

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "For finding it again.")
  private Map<String, String> labels = new TreeMap<>();

  @Option(names = "--rest", description = "Start by REST instead of by an event.")
  private boolean rest;

  @Option(names = "--watch", description = "Follow it until it ends; exit 1 unless it completes.")
  private boolean watch;

  @Option(names = "--wait", description = "As --watch, but print only the end.")
  private boolean wait;

  @Override
  public Integer call() throws InterruptedException {
    Endpoints endpoints = session.endpoints();
    Api state = endpoints.stateApi();
    JsonNode json = Session.jsonArgument("--input", input);
    String name = known(state);
    StartRequest request =
        new StartRequest(
            id == null ? name + "-" + random() : id,
            name,
            version,
            json,
            amount(),
            priority,
            labels);
    String workflowId = request.workflowId();
    if (Watcher.patiently(() -> state.find(Watcher.path(workflowId))).isPresent()) {
      throw new CommandFailure(
          ExitCodes.FAILED,
          "workflow " + workflowId + " exists already and nothing was started; give another --id");
    }
    if (rest) {
      state.post("/workflows", request.body());
    } else {
      new StartEvents(endpoints).send(request);
    }
    return report(state, workflowId, Watcher.awaitKnown(state, workflowId));
  }

  private int report(Api state, String workflowId, JsonNode known) throws InterruptedException {
    if (watch) {
      return Watcher.follow(session, state, workflowId) ? ExitCodes.OK : ExitCodes.FAILED;
    }
    JsonNode view = wait ? Watcher.untilEnd(state, workflowId, Optional.empty(), any -> {}) : known;
    if (session.json()) {
      session.print(view);
    } else {
      session.print(WorkflowText.summary(view));
    }
    String status = view.path("status").asText();
    return status.equals("completed") || (!wait && !status.equals("refused"))
        ? ExitCodes.OK
        : ExitCodes.FAILED;
  }

  /** The definition's name; a file is put first. */
  private String known(Api state) {
    Path file = Path.of(definition);
    if (Files.isRegularFile(file)) {
      return DefinitionCommands.put(state, Session.file(file), definition).path("name").asText();
    }
    if (definition.contains("/") || definition.endsWith(".yaml") || definition.endsWith(".json")) {
      throw new CommandFailure(ExitCodes.USAGE, "there is no file " + definition);
    }
    if (state.find("/definitions/" + Api.segment(definition)).isEmpty()) {
      throw new CommandFailure(
          ExitCodes.FAILED,
          "there is neither a file nor a definition '"
              + definition
              + "'; ./ligature definitions list shows what there is");
    }
    return definition;
  }

  private @Nullable Money amount() {
    try {
      return budget == null ? null : Money.of(budget);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new CommandFailure(
          ExitCodes.USAGE, "--budget: '" + budget + "' is not an amount, such as 2.50", e);
    }
  }

  static String random() {
    byte[] bytes = new byte[4];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
