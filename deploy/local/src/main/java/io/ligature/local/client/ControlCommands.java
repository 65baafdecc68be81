package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change what a workflow does. */
final class ControlCommands {

  private ControlCommands() {}

  /** What every one of them has. */
  static final class Target {
    @Mixin private final Session session = new Session();

    @Parameters(index = "0", paramLabel = "ID", description = "Workflow id.")
    private String id = "";

    @Option(
        names = "--command-id",
        description = "The same id twice is one command (default: a new one).")
    private String commandId = UUID.randomUUID().toString();

    ObjectNode body() {
      return Payloads.JSON.createObjectNode().put("commandId", commandId);
    }

    JsonNode post(String action, ObjectNode body) {
      return session.state().post(Watcher.path(id) + "/" + action, body);
    }

    /** Sends it and tells what became of it; a rejection is a failure. */
    int send(String action, ObjectNode body) {
      JsonNode answer = post(action, body);
      if (session.json()) {
        session.print(answer);
      } else if (answer.hasNonNull("status")) {
        session.print(id + ": done; it is " + answer.get("status").asText());
      } else {
        session.print(id + ": on its way; ./ligature history " + id + " tells what became of it");
      }
      return ExitCodes.OK;
    }
  }

  /** Why, for those commands that need a reason. */
  static final class Why {
    @Option(names = "--reason", required = true, description = "Why; stands in the audit trail.")
    private String reason = "";

    ObjectNode in(ObjectNode body) {
      return body.put("reason", reason);
    }
  }

  @Command(name = "cancel", description = "Ends a workflow; running calls are cancelled.")
  static final class Cancel implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Option(
        names = "--compensate",
        description = "First undo what its tasks did, as their definition says.")
    private boolean compensate;

    @Override
    public Integer call() throws InterruptedException {
      ObjectNode body = why.in(target.body());
      if (compensate) {
        body.put("compensate", true);
      }
      target.post("cancel", body);
      Session session = target.session;
      JsonNode view =
          Watcher.untilEnd(session.state(), target.id, Optional.of(PATIENCE), any -> {});
      if (session.json()) {
        session.print(view);
      } else {
        session.print(WorkflowText.headline(view));
      }
      String status = view.path("status").asText();
      boolean ends = status.equals("cancelled") || (compensate && status.equals("compensating"));
      return ends ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }

  @Command(name = "pause", description = "Lets nothing new begin; what runs goes on to its end.")
  static final class Pause implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Override
    public Integer call() {
      return target.send("pause", why.in(target.body()));
    }
  }

  @Command(name = "resume", description = "Lets a paused workflow go on.")
  static final class Resume implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Override
    public Integer call() {
      return target.send("resume", why.in(target.body()));
    }
  }

  @Command(name = "signal", description = "Sends a workflow an outside event.")
  static final class Signal implements Callable<Integer> {
    @Mixin private final Target target = new Target();

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the signal.")
    private String name = "";

    @Option(
        names = "--correlation",
        description = "Which of several waits of that name it is for (default: the first).")
    private @Nullable String correlation;

    @Option(names = "--payload", description = "JSON, or @FILE.")
    private @Nullable String payload;

    @Override
    public Integer call() {
      ObjectNode body = target.body().put("name", name);
      if (correlation != null) {
        body.put("correlation", correlation);
      }
      if (payload != null) {
        body.set("payload", Session.jsonArgument("--payload", payload));
      }
      return target.send("signal", body);
    }
  }

  @Command(name = "retry", description = "Tries a failed task again.")
  static final class Retry implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Parameters(index = "1", paramLabel = "TASK", description = "Path, such as fan[7].draft~2.")
    private String task = "";

    @Option(names = "--input", description = "Instead of the task's: JSON, or @FILE.")
    private @Nullable String input;

    @Override
    public Integer call() {
      ObjectNode body = why.in(target.body());
      if (input != null) {
        body.set("input", Session.jsonArgument("--input", input));
      }
      return target.send("tasks/" + Api.segment(task) + "/retry", body);
    }
  }

  @Command(name = "skip", description = "Treats a task as skipped.")
  static final class Skip implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Parameters(index = "1", paramLabel = "TASK", description = "Path, such as fan[7].draft~2.")
    private String task = "";

    @Override
    public Integer call() {
      return target.send("tasks/" + Api.segment(task) + "/skip", why.in(target.body()));
    }
  }

  @Command(name = "extend-budget", description = "Raises a workflow's budget.")
  static final class ExtendBudget implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Parameters(index = "1", paramLabel = "AMOUNT", description = "Added to it, such as 2.50.")
    private String amount = "";

    @Override
    public Integer call() {
      return target.send("budget", why.in(target.body()).put("amount", amount().toString()));
    }

    private Money amount() {
      try {
        Money given = Money.of(amount);
        if (given.compareTo(Money.ZERO) > 0) {
          return given;
        }
      } catch (NumberFormatException | ArithmeticException e) {
        throw notAnAmount(e);
      }
      throw notAnAmount(null);
    }

    private CommandFailure notAnAmount(@Nullable RuntimeException cause) {
      String message = "'" + amount + "' is not an amount above 0, such as 2.50";
      return cause == null
          ? new CommandFailure(ExitCodes.USAGE, message)
          : new CommandFailure(ExitCodes.USAGE, message, cause);
    }
  }

  @Command(
      name = "rerun",
      description = "Runs a workflow that has ended again, as a new one that keeps results.")
  static final class Rerun implements Callable<Integer> {
    @Mixin private final Target target = new Target();
    @Mixin private final Why why = new Why();

    @Option(
        names = "--from",
        required = true,
        paramLabel = "TASK",
        description = "The first task that runs again; what comes after it does too.")
    private String from = "";

    @Option(names = "--id", description = "Id of the new workflow; one is made up when left out.")
    private @Nullable String newId;

    @Override
    public Integer call() {
      ObjectNode body = why.in(target.body()).put("fromTask", from);
      if (newId != null) {
        body.put("newWorkflowId", newId);
      }
      JsonNode answer = target.post("rerun", body);
      if (target.session.json()) {
        target.session.print(answer);
      } else {
        target.session.print(text(answer));
      }
      return ExitCodes.OK;
    }

    private String text(JsonNode answer) {
      List<String> kept = new ArrayList<>();
      answer.path("kept").forEach(task -> kept.add(task.asText()));
      return answer.path("workflowId").asText()
          + " runs "
          + target.id
          + " again from "
          + from
          + (kept.isEmpty() ? "; nothing is kept" : "; kept: " + String.join(", ", kept));
    }
  }
}
