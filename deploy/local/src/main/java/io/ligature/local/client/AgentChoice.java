package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that tell why an agent gets a task, or got one. */
final class AgentChoice {

  private AgentChoice() {}

  @Command(
      name = "explain",
      description = "Says which agent a task would go to now, and why not to the others.")
  static final class Explain implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "CAPABILITY")
    private String capability = "";

    @Option(names = "--tenant", description = "Whose task it is.")
    private @Nullable String tenant;

    @Option(names = "--input", description = "The input as JSON, or @FILE.")
    private @Nullable String input;

    @Option(names = "--input-bytes", description = "Its size instead.")
    private @Nullable Long inputBytes;

    @Option(names = "--max-cost", description = "Most that the attempt may cost.")
    private @Nullable String maxCost;

    @Option(names = "--remaining", description = "What the workflow's budget has left.")
    private @Nullable String remaining;

    @Option(names = "--exclude", description = "Agents that must not get it.")
    private List<String> excluded = List.of();

    @Option(names = "--prefer", description = "Agents that come first.")
    private List<String> prefer = List.of();

    @Option(names = "--avoid", description = "Agents that come last.")
    private List<String> avoid = List.of();

    @Option(names = "--pin", description = "The only agent that may get it.")
    private @Nullable String pin;

    @Option(names = "--workflow", description = "Workflow it is of, with --sticky.")
    private @Nullable String workflow;

    @Option(names = "--sticky", description = "The same agent for the whole workflow.")
    private boolean sticky;

    @Option(names = "--larger-context-than", description = "Tokens that the window must exceed.")
    private @Nullable Long largerContextThan;

    @Override
    public Integer call() {
      JsonNode answer = session.router().post("/route/explain", question());
      if (session.json()) {
        session.print(answer);
        return ExitCodes.OK;
      }
      boolean assigned = answer.path("decision").asText().equals("assigned");
      session.print(
          assigned
              ? "It would go to " + answer.path("agent").asText() + "."
              : "Nobody can take it: " + answer.path("reason").asText());
      session.print(candidates(answer).toString());
      return ExitCodes.OK;
    }

    private ObjectNode question() {
      ObjectNode question = Payloads.JSON.createObjectNode().put("capability", capability);
      put(question, "tenant", tenant);
      if (input != null) {
        question.set("input", Session.jsonArgument("--input", input));
      }
      if (inputBytes != null) {
        question.put("inputBytes", inputBytes);
      }
      put(question, "maxCost", maxCost);
      put(question, "remaining", remaining);
      put(question, "excludedAgents", excluded);
      put(question, "prefer", prefer);
      put(question, "avoid", avoid);
      put(question, "pin", pin);
      put(question, "workflowId", workflow);
      if (sticky) {
        question.put("sticky", true);
      }
      if (largerContextThan != null) {
        question.put("largerContextThan", largerContextThan);
      }
      return question;
    }

    private static void put(ObjectNode question, String field, @Nullable String value) {
      if (value != null) {
        question.put(field, value);
      }
    }

    private static void put(ObjectNode question, String field, List<String> values) {
      if (!values.isEmpty()) {
        values.forEach(question.putArray(field)::add);
      }
    }
  }

  @Command(
      name = "why",
      description = {
        "Says which agent got an attempt, why not the others, and what it cost.",
        "An attempt is WORKFLOW/TASK#NUMBER."
      })
  static final class Why implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "ATTEMPT")
    private String attempt = "";

    @Override
    public Integer call() {
      AttemptId id;
      try {
        id = AttemptId.parse(attempt);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
      }
      JsonNode assignment = session.router().get("/assignments/" + Api.segment(attempt));
      Optional<JsonNode> outcome = outcome(session.state(), id);
      if (session.json()) {
        ObjectNode answer = Payloads.JSON.createObjectNode();
        answer.set("assignment", assignment);
        answer.set("outcome", outcome.orElse(null));
        session.print(answer);
        return ExitCodes.OK;
      }
      session.print(
          attempt
              + " went to "
              + assignment.path("agent").asText()
              + " (version "
              + assignment.path("agentVersion").asText()
              + ") at "
              + assignment.path("assignedAt").asText());
      session.print(outcome.map(Why::words).orElse("What came of it is not in the view."));
      session.print(candidates(assignment).toString());
      for (JsonNode shadow : assignment.path("shadows")) {
        session.print("A copy went to the shadow " + shadow.path("agent").asText() + ".");
      }
      return ExitCodes.OK;
    }

    private static String words(JsonNode outcome) {
      JsonNode failure = outcome.path("failure");
      return "It "
          + outcome.path("status").asText()
          + (failure.isObject()
              ? ": " + failure.path("kind").asText() + ": " + failure.path("message").asText()
              : "")
          + (outcome.hasNonNull("model") ? ", model " + outcome.path("model").asText() : "")
          + ", cost "
          + WorkflowText.text(outcome, "cost")
          + (outcome.path("costKnown").asBoolean(true) ? "" : " (a guess)")
          + (outcome.hasNonNull("duration") ? ", took " + outcome.path("duration").asText() : "");
    }

    /** The attempt as the workflow's view has it. */
    private static Optional<JsonNode> outcome(Api state, AttemptId id) {
      Optional<JsonNode> view = state.find(Watcher.path(id.workflowId()));
      if (view.isEmpty()) {
        return Optional.empty();
      }
      return attempt(view.get(), id).or(() -> inner(state, id));
    }

    /** A task inside of another is on a page of its own; the page begins just before it. */
    private static Optional<JsonNode> inner(Api state, AttemptId id) {
      String before = id.task().substring(0, id.task().length() - 1);
      return state
          .find(Watcher.path(id.workflowId()) + "/tasks?after=" + Api.segment(before))
          .flatMap(page -> attempt(page, id));
    }

    private static Optional<JsonNode> attempt(JsonNode page, AttemptId id) {
      for (JsonNode task : page.path("tasks")) {
        if (task.path("task").asText().equals(id.task())) {
          for (JsonNode each : task.path("attempts")) {
            if (each.path("number").asInt() == id.number()) {
              return Optional.of(each);
            }
          }
        }
      }
      return Optional.empty();
    }
  }

  private static Table candidates(JsonNode answer) {
    Table table = new Table("AGENT", "SCORE", "PRICE", "ACCEPTANCE", "WHY");
    for (JsonNode each : answer.path("candidates")) {
      table.row(
          WorkflowText.text(each, "agent"),
          WorkflowText.text(each, "score"),
          WorkflowText.text(each.path("parts"), "price"),
          AgentReports.share(each.path("parts").path("acceptance")),
          (each.hasNonNull("droppedBy") ? each.path("droppedBy").asText() + ": " : "")
              + WorkflowText.text(each, "reason"));
    }
    return table;
  }
}
