package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A remote agent that speaks A2A 1.0: the input is a message, the task it begins is followed to its
 * end, by asking or by a stream of events, and what it left behind is the output.
 */
final class A2aAgent implements AgentContract {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final int MOST_LOST_ANSWERS = 3;

  private final A2aSettings settings;
  private final HttpClient client;
  private final Secrets secrets;

  A2aAgent(A2aSettings settings, HttpClient client, Secrets secrets) {
    this.settings = settings;
    this.client = client;
    this.secrets = secrets;
  }

  @Override
  public AgentOutcome call(AgentCall call) {
    Secrets.Redactor redactor = new Secrets.Redactor();
    Map<String, String> headers;
    try {
      headers = secrets.resolveAll(settings.headers(), redactor);
      headers.forEach(HttpRequest.newBuilder()::header);
    } catch (UnresolvedSecretException e) {
      return AgentOutcome.unbilled(ErrorKind.AUTH, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      // The header's value would be in the exception's message.
      return AgentOutcome.unbilled(
          ErrorKind.AUTH, "a secret in settings.headers holds characters that no header takes");
    }
    Deadline deadline = Deadline.in(call.timeout());
    A2aWire wire = new A2aWire(settings, client, headers, call, deadline);
    return HttpAgent.redacted(new Following(wire, call.progress(), deadline).toItsEnd(), redactor);
  }

  /** One call. */
  private final class Following {

    private final A2aWire wire;
    private final ProgressListener progress;
    private final Deadline deadline;
    private final A2aTask task = new A2aTask();
    private @Nullable String lastWords;

    Following(A2aWire wire, ProgressListener progress, Deadline deadline) {
      this.wire = wire;
      this.progress = progress;
      this.deadline = deadline;
    }

    AgentOutcome toItsEnd() {
      boolean begun = false;
      try {
        AgentOutcome direct;
        try (JsonRpcReply reply = wire.send()) {
          begun = true;
          direct = begin(reply);
        }
        if (direct != null) {
          return direct;
        }
        askUntilItIsOver();
        leave(task.isInterrupted());
        return task.outcome();
      } catch (CallFailedException e) {
        leave(!task.isOver() || task.isInterrupted());
        boolean known = begun && !task.id().isEmpty();
        return AgentOutcome.failed(known ? e.billed(true).failure() : e.failure());
      }
    }

    /** Nobody will go on with the task, so the agent need not either. */
    private void leave(boolean unfinished) {
      if (unfinished && !task.id().isEmpty()) {
        wire.cancelAside(task.id());
      }
    }

    /** Reads what comes back for the message; not null when it is all there is. */
    private @Nullable AgentOutcome begin(JsonRpcReply reply) throws CallFailedException {
      try {
        for (JsonNode result = wire.next(reply); result != null; result = wire.next(reply)) {
          if (result.has("message")) {
            reply.finish();
            return direct(result.path("message"));
          }
          take(result);
          if (task.isOver()) {
            reply.finish();
            return null;
          }
        }
      } catch (CallFailedException e) {
        // A stream that breaks does not end the task.
        if (e.failure().kind() != ErrorKind.UPSTREAM_UNAVAILABLE || task.id().isEmpty()) {
          throw e;
        }
      }
      if (task.id().isEmpty()) {
        throw reply.endedEarly();
      }
      return null;
    }

    private AgentOutcome direct(JsonNode message) throws CallFailedException {
      List<JsonNode> parts = new ArrayList<>();
      message.path("parts").forEach(parts::add);
      if (parts.isEmpty()) {
        throw A2aTask.mismatch("the agent's message has no parts");
      }
      return new AgentOutcome.Success(
          A2aTask.output(parts), AgentProtocol.told(message.path("metadata")));
    }

    private void take(JsonNode result) throws CallFailedException {
      if (result.has("task")) {
        task.is(result.path("task"));
      } else if (result.has("statusUpdate")) {
        task.statusIs(result.path("statusUpdate"));
      } else if (result.has("artifactUpdate")) {
        JsonNode update = result.path("artifactUpdate");
        task.artifactIs(update);
        A2aTask.texts(update.path("artifact").path("parts")).forEach(progress::partial);
      } else {
        throw A2aTask.mismatch("the agent's answer is neither a task nor a message nor an update");
      }
      if (task.artifactChars() > settings.maxResponseBytes()) {
        throw new CallFailedException(
            CallFailure.possiblyBilled(
                ErrorKind.SCHEMA_MISMATCH,
                "the agent's artifacts have more than "
                    + settings.maxResponseBytes()
                    + " bytes; let it answer shorter, or raise settings.maxResponseBytes"));
      }
      tellWords();
    }

    private void tellWords() {
      String words = task.words();
      if (words != null && !task.isOver() && !Objects.equals(words, lastWords)) {
        lastWords = words;
        progress.progress(null, words);
      }
    }

    /** Asking changes nothing at the agent, so a lost answer is asked for again, a few times. */
    private void askUntilItIsOver() throws CallFailedException {
      Duration pause = FIRST_PAUSE;
      int lost = 0;
      while (!task.isOver()) {
        sleep(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(settings.pollEvery()) < 0 ? longer : settings.pollEvery();
        try {
          task.is(wire.ask(task.id()));
          lost = 0;
          tellWords();
        } catch (CallFailedException e) {
          lost++;
          if (e.failure().kind() != ErrorKind.UPSTREAM_UNAVAILABLE || lost >= MOST_LOST_ANSWERS) {
            throw e;
          }
        }
      }
    }

    private void sleep(Duration pause) throws CallFailedException {
      Duration left = Duration.ofNanos(deadline.left());
      try {
        Thread.sleep(pause.compareTo(left) < 0 ? pause : left);
      } catch (InterruptedException e) {
        throw JsonRpcReply.cancelled(true);
      }
      if (deadline.left() == 0) {
        throw JsonRpcReply.over(deadline, true);
      }
    }
  }
}
