package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The research workflow from its start event to its report, against a running Ligature. */
final class Demo {

  /** Who approves when the demo is asked to. */
  private static final String REVIEWER = "rita";

  /** What is done at the gate. */
  enum AtTheGate {
    WAIT,
    APPROVE,
    REJECT
  }

  private final Session session;
  private final Endpoints endpoints;
  private final Path home;
  private final Api state;
  private final Set<String> announced = new HashSet<>();

  Demo(Session session, Endpoints endpoints, Path home) {
    this.session = session;
    this.endpoints = endpoints;
    this.home = home;
    this.state = endpoints.stateApi();
  }

  /** True when the workflow completed. */
  boolean run(ExampleAgents agents, AtTheGate atTheGate) throws InterruptedException {
    Api router = endpoints.routerApi();
    session.print("\nRegistering agents (examples/research/agents):");
    for (String yaml : agents.registrations()) {
      session.print("  " + AgentCommands.register(router, yaml, "an example agent"));
    }
    Path folder = ExampleAgents.example(home);
    JsonNode definition =
        DefinitionCommands.put(
            state, Session.file(folder.resolve("workflow.yaml")), "workflow.yaml");
    String name = definition.path("name").asText();
    session.print("Definition " + name + " version " + definition.path("version").asText());

    String id = "demo-" + StartCommand.random();
    JsonNode input = Session.jsonArgument("--input", "@" + folder.resolve("input.json"));
    session.print("Starting " + id + " by an Avro event on ligature.starts: " + input + "\n");
    new StartEvents(endpoints).send(StartRequest.plain(id, name, input));
    Watcher.awaitKnown(state, id);

    Watcher.Screen screen = new Watcher.Screen(session);
    JsonNode end =
        Watcher.untilEnd(
            state,
            id,
            Optional.empty(),
            view -> {
              screen.show(view);
              if (atGates(view, atTheGate)) {
                screen.leave();
              }
            });
    tellTheEnd(end);
    return WorkflowText.hasCompleted(end);
  }

  /** True when there was something to say. */
  private boolean atGates(JsonNode view, AtTheGate atTheGate) {
    boolean said = false;
    for (JsonNode task : view.path("tasks")) {
      JsonNode review = task.path("review");
      boolean open = task.path("status").asText().equals("waiting_for_review");
      if (!open || !announced.add(review.path("reviewId").asText())) {
        continue;
      }
      String reviewId = review.path("reviewId").asText();
      switch (atTheGate) {
        case WAIT -> announce(reviewId, review.path("role").asText());
        case APPROVE -> decide(reviewId, "approve", "approved by the demo");
        case REJECT -> decide(reviewId, "reject", "rejected by the demo");
      }
      said = true;
    }
    return said;
  }

  private void announce(String reviewId, String role) {
    session.print(
        """

        The workflow waits for a person: role '%s' may decide review %s,
        here as the local user '%s'. In a second terminal, one of:

          ./ligature reviews show %s
          ./ligature reviews approve %s --reason "checked"
          ./ligature reviews edit %s --output @edited.json --reason "shortened"
          ./ligature reviews reject %s --reason "wrong topic"

        or in a browser, as '%s' with the password that `./ligature password %s` tells:

          %s/inbox/reviews/%s

        or with curl:

          curl -u "%s:$(./ligature password %s)" -H 'content-type: application/json' \\
               -d '{"reason": "checked"}' %s/reviews/%s/approve
        """
            .formatted(
                role,
                reviewId,
                REVIEWER,
                reviewId,
                reviewId,
                reviewId,
                reviewId,
                REVIEWER,
                REVIEWER,
                endpoints.approval(),
                Api.segment(reviewId),
                REVIEWER,
                REVIEWER,
                endpoints.approval(),
                Api.segment(reviewId)));
  }

  private void decide(String reviewId, String action, String reason) {
    ObjectNode body = ReviewCommands.reason(reason);
    try {
      ReviewCommands.decide(endpoints.approvalApi(REVIEWER), reviewId, action, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.FAILED, "interrupted", e);
    }
    session.print(REVIEWER + ": " + action + " " + reviewId + "\n");
  }

  private void tellTheEnd(JsonNode end) throws InterruptedException {
    String id = end.path("workflowId").asText();
    JsonNode markdown = end.path("output").path("markdown");
    if (!markdown.isMissingNode()) {
      session.print("\n" + markdown.asText());
    }
    session.print("\n" + WorkflowText.summary(end));
    session.print("\nAudit trail:");
    session.print(WorkflowText.history(AuditTrail.of(state, id)));
  }
}
