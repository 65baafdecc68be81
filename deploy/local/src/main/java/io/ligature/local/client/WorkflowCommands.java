package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that look at workflows. */
final class WorkflowCommands {

  private WorkflowCommands() {}

  @Command(name = "show", description = "Shows what a workflow is doing.")
  static final class Show implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "ID", description = "Workflow id.")
    private String id = "";

    @Override
    public Integer call() {
      JsonNode view = session.state().get(Watcher.path(id));
      if (session.json()) {
        session.print(view);
        return ExitCodes.OK;
      }
      session.print(WorkflowText.summary(view));
      if (view.hasNonNull("output")) {
        session.print("output: " + view.get("output"));
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "watch", description = "Follows a workflow until it ends.")
  static final class Watch implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "ID", description = "Workflow id.")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
      return Watcher.follow(session, session.state(), id) ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }

  @Command(name = "history", description = "Shows every transition of a workflow.")
  static final class History implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "ID", description = "Workflow id.")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
      JsonNode history = AuditTrail.of(session.state(), id);
      if (session.json()) {
        session.print(history);
      } else {
        session.print(WorkflowText.history(history));
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "list", description = "Lists workflows, newest first.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Option(names = "--status", description = "Only those: running, completed, failed, …")
    private @Nullable String status;

    @Option(names = "--definition", description = "Only those of this definition.")
    private @Nullable String definition;

    @Option(names = "--cursor", description = "Go on where a page ended.")
    private @Nullable String cursor;

    @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
    private int limit;

    @Override
    public Integer call() {
      String filter =
          parameter("status", status)
              + parameter("definition", definition)
              + parameter("cursor", cursor);
      JsonNode page = session.state().get("/workflows?limit=" + limit + filter);
      if (session.json()) {
        session.print(page);
        return ExitCodes.OK;
      }
      Table table = new Table("WORKFLOW", "DEFINITION", "STATUS", "REQUESTER", "STARTED");
      for (JsonNode workflow : page.path("workflows")) {
        table.row(
            WorkflowText.text(workflow, "workflowId"),
            WorkflowText.text(workflow, "definition"),
            WorkflowText.text(workflow, "status"),
            WorkflowText.text(workflow, "requester"),
            WorkflowText.text(workflow, "startedAt"));
      }
      session.print(table.toString());
      printNext(session, page);
      return ExitCodes.OK;
    }
  }

  static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + Api.segment(value);
  }

  /** Says how to go on when a page is not the last. */
  static void printNext(Session session, JsonNode page) {
    if (page.hasNonNull("next")) {
      session.print("There are more: --cursor " + page.get("next").asText());
    }
  }
}
