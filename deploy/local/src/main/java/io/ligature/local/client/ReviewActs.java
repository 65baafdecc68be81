package io.ligature.local.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What reviewers do beside approving and rejecting. */
final class ReviewActs {

  private ReviewActs() {}

  @Command(name = "claim", description = "Takes a review: nobody else decides it for a while.")
  static final class Claim implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
      return reviewer.decide(id, "claim", Payloads.JSON.createObjectNode());
    }
  }

  @Command(name = "release", description = "Gives a review back.")
  static final class Release implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
      return reviewer.decide(id, "release", Payloads.JSON.createObjectNode());
    }
  }

  @Command(name = "delegate", description = "Hands a review to somebody who may decide it.")
  static final class Delegate implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--to", required = true, description = "Who shall have it.")
    private String to = "";

    @Option(
        names = "--until",
        defaultValue = "",
        description = "An instant, as 2026-03-01T09:00:00Z; as long as it may when left out.")
    private String until = "";

    @Option(names = "--reason", defaultValue = "", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() throws InterruptedException {
      ObjectNode body = ReviewCommands.reason(reason).put("to", to);
      if (!until.isEmpty()) {
        body.put("until", until);
      }
      return reviewer.decide(id, "delegate", body);
    }
  }

  @Command(name = "comment", description = "Says something about a review.")
  static final class Comment implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--text", required = true, description = "What.")
    private String text = "";

    @Override
    public Integer call() throws InterruptedException {
      return reviewer.decide(id, "comments", Payloads.JSON.createObjectNode().put("text", text));
    }
  }

  @Command(name = "request-changes", description = "Has the task done again.")
  static final class RequestChanges implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--reason", required = true, description = "What shall change.")
    private String reason = "";

    @Override
    public Integer call() throws InterruptedException {
      return reviewer.decide(id, "request-changes", ReviewCommands.reason(reason));
    }
  }

  @Command(name = "abort", description = "Ends the whole workflow.")
  static final class Abort implements Callable<Integer> {
    @Mixin private final ReviewCommands.Reviewer reviewer = new ReviewCommands.Reviewer();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    @Override
    public Integer call() throws InterruptedException {
      return reviewer.decide(id, "abort", ReviewCommands.reason(reason));
    }
  }
}
