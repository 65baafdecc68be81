package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.AttemptAnswered;
import io.ligature.avro.AttemptFailed;
import io.ligature.avro.AttemptJudged;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.Payload;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskSucceeded;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.Validation;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has results judged before they count.
 *
 * <p>Each result gets a critic's task of its own at the path {@code task!checkN}, N being the
 * attempt that made it: with its own hold, timers, ladders and attempts, like any other agent's
 * work. Because the path names the result, a verdict that was given in a run that is undone can
 * never be taken for one on another result.
 */
final class Critics {

  private Critics() {}

  /** What a critic says. */
  private record Verdict(double score, String critique) {

    /** Null when it is none. */
    static @Nullable Verdict of(@Nullable Payload output) {
      JsonNode said;
      try {
        said = output == null ? null : Payloads.parse(output);
      } catch (IllegalArgumentException e) {
        return null;
      }
      JsonNode score = said == null ? null : said.get("score");
      if (said == null || score == null || !score.isNumber()) {
        return null;
      }
      double value = score.doubleValue();
      return value >= 0 && value <= 1 ? new Verdict(value, said.path("critique").asText("")) : null;
    }
  }

  static void ask(
      Transition t, AttemptId id, TaskResult result, Grade grade, Money charged, boolean known) {
    String critic = Paths.check(id.task(), id.number());
    t.emit(
        new Event.AttemptAnswered(
            new AttemptAnswered(
                id.toString(),
                result.getAgent(),
                result.getOutput(),
                result.getMetadata(),
                grade,
                charged.toDecimal(),
                known,
                critic,
                result.getOutputSchema())));
    Scheduling.next(t, critic);
  }

  /** Agents that an attempt must not go to: nobody judges what they made themselves. */
  static List<String> excluding(Transition t, String task, TaskRow row) {
    List<String> excluded = Remedies.excludedAgents(t.definitionOf(task), row);
    String maker = t.plan().node(task).kind() == Node.Kind.CRITIC ? makerOf(t, task) : null;
    if (maker == null || excluded.contains(maker)) {
      return excluded;
    }
    List<String> all = new ArrayList<>(excluded);
    all.addFirst(maker);
    return all;
  }

  private static @Nullable String makerOf(Transition t, String critic) {
    TaskRow judged = t.task(Paths.parent(critic));
    AttemptRow made = judged.attemptOf(judged.attempt());
    return made == null ? null : made.agent();
  }

  /** What a critic is given. The payloads in it are copied unread. */
  static Payload input(Transition t, String critic) {
    String judged = Paths.parent(critic);
    Validation validation = validationOf(t, judged);
    TransitionScope scope = TransitionScope.of(t, critic);
    String what = "the input of " + critic;
    if (validation.ownInput()) {
      return Envelopes.render(t, validation.critic().input(), scope, what);
    }
    var work = Envelopes.workOf(t, judged);
    JsonNode criteria = validation.critic().input().render(scope);
    JsonObject whole =
        new JsonObject()
            .with("task", judged)
            .with("capability", work.capability())
            .with("input", Envelopes.input(t, judged, work.input()))
            .with("output", t.state().payload(Slot.subject(judged)));
    Payload payload = (criteria.isNull() ? whole : whole.with("criteria", criteria)).payload();
    Envelopes.checkSize(t, what, payload);
    return payload;
  }

  private static Validation validationOf(Transition t, String judged) {
    Validation validation = Envelopes.workOf(t, judged).validation();
    if (validation == null) {
      throw new IllegalStateException("nobody judges " + judged);
    }
    return validation;
  }

  /** Why a result is no verdict; null when it is one, and of a task that judges nothing. */
  static @Nullable Failure faultOfVerdict(Transition t, String task, @Nullable Payload output) {
    boolean fits = t.plan().node(task).kind() != Node.Kind.CRITIC || Verdict.of(output) != null;
    return fits ? null : noVerdict("");
  }

  private static Failure noVerdict(String critic) {
    return new Failure(
        ErrorKind.SCHEMA_MISMATCH.wireName(),
        critic + "a verdict is a JSON object with a 'score' from 0 to 1 and a 'critique'",
        null,
        false);
  }

  /** What follows for the judged task from the end of its critic's. */
  static void after(Transition t, String critic, String judged) {
    if (!(t.task(judged).state() instanceof TaskState.BeingJudged(int attempt, String by))
        || !by.equals(critic)) {
      return;
    }
    switch (t.task(critic).state()) {
      case TaskState.Succeeded s -> {
        Verdict verdict = Verdict.of(t.state().payload(Slot.output(critic)));
        if (verdict == null) {
          Remedies.withoutRetry(t, judged, noVerdict("the critic: "));
        } else {
          judge(t, t.attemptId(judged, attempt), critic, verdict);
        }
      }
      case TaskState.Failed(Failure why) ->
          Remedies.withoutRetry(
              t,
              judged,
              new Failure(why.getKind(), "the critic: " + why.getMessage(), null, false));
      case TaskState.Skipped s -> throw new IllegalStateException("skipped: " + critic);
      case TaskState.Cancelled s -> {}
      case TaskState.Active s -> throw new IllegalStateException("not an end: " + s);
    }
  }

  private static void judge(Transition t, AttemptId id, String critic, Verdict verdict) {
    String task = id.task();
    double least = validationOf(t, task).minScore();
    String critique = shortened(verdict.critique(), t.tuning().maxCritique());
    AttemptRow last = t.task(critic).lastAttempt();
    t.emit(
        new Event.AttemptJudged(
            new AttemptJudged(
                id.toString(),
                critic,
                last == null ? null : last.agent(),
                verdict.score(),
                least,
                critique)));
    AttemptRow made = Settling.current(t.task(task), t.now());
    if (verdict.score() >= least) {
      t.emit(
          new Event.TaskSucceeded(
              new TaskSucceeded(
                  task,
                  id.number(),
                  made.agent(),
                  t.state().payload(Slot.subject(task)),
                  made.figures(),
                  made.grade() == null ? Grade.clean : made.grade(),
                  Money.ZERO.toDecimal(),
                  made.costKnown())));
      return;
    }
    Failure failure =
        new Failure(
            ErrorKind.REJECTED_BY_VALIDATOR.wireName(),
            "score "
                + verdict.score()
                + " is below the minScore "
                + least
                + (critique.isEmpty() ? "" : ": " + critique),
            null,
            false);
    t.emit(
        new Event.AttemptFailed(
            new AttemptFailed(
                id.toString(),
                made.agent(),
                failure,
                made.figures(),
                null,
                Money.ZERO.toDecimal(),
                made.costKnown(),
                null)));
    Remedies.apply(t, task, failure);
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + " …";
  }
}
