package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Polls a workflow's view and shows it when it has changed. */
final class Watcher {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(20);

  /** How long a service may be away, as when it is started again. */
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

  private Watcher() {}

  /** Shows the table until the workflow ends; true when it completed. */
  static boolean follow(Session session, Api state, String id) throws InterruptedException {
    Screen screen = new Screen(session);
    JsonNode end =
        untilEnd(
            state,
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

  /** The view as soon as the state-service knows the workflow that was just started. */
  static JsonNode awaitKnown(Api state, String id) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      Optional<JsonNode> view = patiently(() -> state.find(path(id)));
      if (view.isPresent()) {
        return view.get();
      }
      if (System.nanoTime() - begun > UNTIL_KNOWN.toNanos()) {
        throw new CommandFailure(
            ExitCodes.FAILED,
            "workflow "
                + id
                + " did not appear within "
                + UNTIL_KNOWN.toSeconds()
                + " s; look into the state-service's log and the dead letters");
      }
      Thread.sleep(POLL);
    }
  }

  /**
   * The view of a known workflow once it has ended, or as it is when the patience is over.
   *
   * @param whenChanged is given every view that differs from the one before
   */
  static JsonNode untilEnd(
      Api state, String id, Optional<Duration> patience, Consumer<JsonNode> whenChanged)
      throws InterruptedException {
    long begun = System.nanoTime();
    JsonNode shown = null;
    while (true) {
      JsonNode view = patiently(() -> state.get(path(id)));
      if (!view.equals(shown)) {
        shown = view;
        whenChanged.accept(view);
      }
      if (WorkflowText.hasEnded(view)
          || (patience.isPresent() && System.nanoTime() - begun > patience.get().toNanos())) {
        return view;
      }
      Thread.sleep(POLL);
    }
  }

  /** Asks again while the service is away. */
  static <T> T patiently(Supplier<T> call) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try {
        return call.get();
      } catch (ApiFailure failure) {
        if (!failure.isPassing() || System.nanoTime() - begun > LONGEST_OUTAGE.toNanos()) {
          throw failure;
        }
        Thread.sleep(POLL);
      }
    }
  }

  static String path(String id) {
    return "/workflows/" + Api.segment(id);
  }

  /** Draws the table over itself on a terminal, and one below the other elsewhere. */
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

    /** Something else was printed below the table: the next one starts anew. */
    void leave() {
      lines = 0;
    }
  }
}
