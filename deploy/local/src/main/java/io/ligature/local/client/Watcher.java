package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Polls a workflow's view and shows it when it has changed. */
final class Watcher {

  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(20);

  private Watcher() {}

  /** Shows the table until the workflow ends; true when it completed. */
  static boolean follow(Session session, String id) throws InterruptedException {
    Screen screen = new Screen(session);
    JsonNode end =
        poll(
            session.state(),
            id,
            Optional.empty(),
            view -> {
              if (!session.json()) {
                screen.show(view);
              }
            });
    if (session.json()) {
      session.print(end);
    } else if (!WorkflowText.ending(end).isEmpty()) {
      session.print(WorkflowText.ending(end));
    }
    return WorkflowText.hasCompleted(end);
  }

  static JsonNode awaitEnd(Api state, String id, Duration patience) throws InterruptedException {
    return poll(state, id, Optional.of(patience), _ -> {});
  }

  /** The view as soon as the state-service knows the workflow. */
  static JsonNode awaitKnown(Api state, String id) throws InterruptedException {
    long deadline = System.nanoTime() + UNTIL_KNOWN.toNanos();
    while (true) {
      Optional<JsonNode> view = state.find("/workflows/" + Api.segment(id));
      if (view.isPresent()) {
        return view.get();
      }
      if (System.nanoTime() > deadline) {
        throw new CommandFailure(
            ExitCodes.FAILED,
            "workflow "
                + id
                + " did not appear within "
                + UNTIL_KNOWN.toSeconds()
                + " s; is the state-service running?");
      }
      Thread.sleep(POLL);
    }
  }

  static JsonNode poll(
      Api state, String id, Optional<Duration> patience, Consumer<JsonNode> whenChanged)
      throws InterruptedException {
    JsonNode view = awaitKnown(state, id);
    long begun = System.nanoTime();
    String sequence = "";
    while (true) {
      if (!view.path("sequence").asText().equals(sequence)) {
        sequence = view.path("sequence").asText();
        whenChanged.accept(view);
      }
      if (WorkflowText.hasEnded(view)) {
        return view;
      }
      if (patience.isPresent() && System.nanoTime() - begun > patience.get().toNanos()) {
        return view;
      }
      Thread.sleep(POLL);
      view = state.get("/workflows/" + Api.segment(id));
    }
  }

  /** Draws the table over itself on a terminal, and line by line elsewhere. */
  static final class Screen {
    private final Session session;
    private final boolean terminal =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    private int lines;
    private String last = "";

    Screen(Session session) {
      this.session = session;
    }

    void show(JsonNode view) {
      String text =
          WorkflowText.headline(view)
              + "\n"
              + WorkflowText.tasks(view)
              + WorkflowText.budget(view)
              + "\n";
      if (text.equals(last)) {
        return;
      }
      last = text;
      if (terminal && lines > 0) {
        session.print("\u001b[" + lines + "A\u001b[J" + text);
      } else {
        session.print(terminal ? text : text + "\n");
      }
      lines = (int) text.lines().count();
    }
  }
}
