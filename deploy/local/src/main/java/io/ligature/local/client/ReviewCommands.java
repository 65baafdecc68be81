package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      ReviewCommands.Edit.class,
      ReviewActs.Claim.class,
      ReviewActs.Release.class,
      ReviewActs.Delegate.class,
      ReviewActs.Comment.class,
      ReviewActs.RequestChanges.class,
      ReviewActs.Abort.class,
      ReviewTrails.Trail.class,
      ReviewTrails.Verify.class
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

    int decide(String review, String action, ObjectNode body) throws InterruptedException {
      JsonNode decision = ReviewCommands.decide(api(), review, action, body);
      if (session.json()) {
        session.print(decision);
      } else if (decision.hasNonNull("decision")) {
        session.print(review + ": " + Api.decision(decision));
      } else if (decision.hasNonNull("standing")) {
        session.print(review + ": " + decision.get("standing").asText());
      } else {
        session.print(review + ": " + decision.path("detail").asText());
      }
      return ExitCodes.OK;
    }
  }

  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Decides a review. The view of a workflow may tell of a review a moment before the
   * approval-service knows it, so an unknown one is tried for a while.
   */
  static JsonNode decide(Api approval, String review, String action, ObjectNode body)
      throws InterruptedException {
    String path = "/reviews/" + Api.segment(review) + "/" + action;
    long begun = System.nanoTime();
    while (true) {
      try {
        return approval.post(path, body);
      } catch (ApiFailure failure) {
        if (!failure.isNotFound() || System.nanoTime() - begun > UNTIL_KNOWN.toNanos()) {
          throw failure;
        }
        Thread.sleep(POLL);
      }
    }
  }

  @Command(
      name = "list",
      description = "Lists the reviews you may act on, or all of them for who sees all.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final Reviewer reviewer = new Reviewer();

    @Option(names = "--status", defaultValue = "open", description = "open, decided or withdrawn.")
    private String status = "";

    @Option(names = "--cursor", description = "Go on where a page ended.")
    private @Nullable String cursor;

    @Override
    public Integer call() {
      JsonNode page =
          reviewer
              .api()
              .get(
                  "/reviews?status="
                      + Api.segment(status)
                      + WorkflowCommands.parameter("cursor", cursor));
      if (reviewer.session().json()) {
        reviewer.session().print(page);
        return ExitCodes.OK;
      }
      Table table = new Table("REVIEW", "DEFINITION", "ROLE", "REASON", "SINCE");
      for (JsonNode review : page.path("reviews")) {
        table.row(
            WorkflowText.text(review, "reviewId"),
            WorkflowText.text(review, "definition"),
            WorkflowText.text(review, "role"),
            WorkflowText.text(review, "reason"),
            WorkflowText.text(review, "requestedAt"));
      }
      reviewer.session().print(table.toString());
      WorkflowCommands.printNext(reviewer.session(), page);
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
      JsonNode review = reviewer.api().get("/reviews/" + Api.segment(id));
      if (reviewer.session().json()) {
        reviewer.session().print(review);
      } else {
        reviewer.session().print(ReviewText.of(review));
      }
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
    public Integer call() throws InterruptedException {
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
    public Integer call() throws InterruptedException {
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
    public Integer call() throws InterruptedException {
      ObjectNode body = reason(reason);
      body.set("output", Session.jsonArgument("--output", output));
      return reviewer.decide(id, "edit-and-approve", body);
    }
  }

  static ObjectNode reason(String reason) {
    return Payloads.JSON.createObjectNode().put("reason", reason);
  }
}
