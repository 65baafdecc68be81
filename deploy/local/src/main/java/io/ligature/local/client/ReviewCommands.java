package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands for reviewers. */
@Command(
    name = "reviews",
    description = "Lists, shows and decides reviews.",
    subcommands = {
      ReviewCommands.ListAll.class,
      ReviewCommands.Show.class,
      ReviewCommands.Approve.class,
      ReviewCommands.Reject.class,
      ReviewCommands.Edit.class
    })
final class ReviewCommands {

  /** The options of every command on reviews. */
  static final class Reviewer {
    @Mixin private final Session session = new Session();

    @Option(
        names = "--as",
        paramLabel = "USER",
        defaultValue = "rita",
        description = "Who decides (default: ${DEFAULT-VALUE}).")
    private String user = "";

    Session session() {
      return session;
    }

    Api api() {
      return session.approval(user);
    }

    int decide(String review, String action, ObjectNode body) {
      JsonNode decision = api().post("/reviews/" + Api.segment(review) + "/" + action, body);
      if (session.json()) {
        session.print(decision);
      } else {
        session.print(action + ": " + review + ", by " + user);
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "list", description = "Lists the reviews you may act on.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Option(names = "--status", defaultValue = "open", description = "open, decided or withdrawn.")
    private String status = "";

    @Override
    public Integer call() {
      JsonNode page = reviewer.api().get("/reviews?status=" + Api.segment(status));
      if (reviewer.session().json()) {
        reviewer.session().print(page);
        return ExitCodes.OK;
      }
      Table table = new Table("REVIEW", "DEFINITION", "ROLE", "REASON", "SINCE");
      for (JsonNode review : WorkflowCommands.items(page, "reviews")) {
        String role = WorkflowText.text(review.path("rule"), "role");
        table.row(
            WorkflowText.text(review, "reviewId"),
            WorkflowText.text(review, "definition"),
            role.isEmpty() ? WorkflowText.text(review, "role") : role,
            WorkflowText.text(review, "reason"),
            WorkflowText.text(review, "requestedAt"));
      }
      reviewer.session().print(table.toString());
      return ExitCodes.OK;
    }
  }

  @Command(name = "show", description = "Shows a review with all a reviewer needs.")
  static final class Show implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Override
    public Integer call() {
      reviewer.session().print(reviewer.api().get("/reviews/" + Api.segment(id)));
      return ExitCodes.OK;
    }
  }

  @Command(name = "approve", description = "Approves what is under review.")
  static final class Approve implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--reason", defaultValue = "", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      return reviewer.decide(id, "approve", reason(reason));
    }
  }

  @Command(name = "reject", description = "Rejects what is under review.")
  static final class Reject implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      return reviewer.decide(id, "reject", reason(reason));
    }
  }

  @Command(name = "edit", description = "Replaces what is under review, and approves it.")
  static final class Edit implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--output", required = true, description = "JSON, or @FILE.")
    private String output = "";

    @Option(names = "--reason", defaultValue = "", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      ObjectNode body = reason(reason);
      body.set("output", Session.jsonArgument("--output", output));
      return reviewer.decide(id, "edit-and-approve", body);
    }
  }

  static ObjectNode reason(String reason) {
    return Payloads.JSON.createObjectNode().put("reason", reason);
  }
}
