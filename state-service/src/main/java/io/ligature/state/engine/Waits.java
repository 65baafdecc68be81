package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Grade;
import io.ligature.avro.WaitStarted;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import io.ligature.schemas.definition.Template;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Tasks that wait for a time. */
final class Waits {

  private Waits() {}

  static void begin(Transition t, String task, Wait wait) {
    Instant due = due(t, task, wait);
    if (due.isAfter(t.now())) {
      t.emit(new Event.WaitStarted(new WaitStarted(task, due)));
    } else {
      end(t, task);
    }
  }

  static void end(Transition t, String task) {
    Composites.succeed(t, task, 0, null, Grade.clean);
  }

  private static Instant due(Transition t, String task, Wait wait) {
    Template until = wait.until();
    Template duration = wait.duration();
    Template asked = until != null ? until : duration;
    if (asked == null) {
      throw new IllegalStateException("expected a time that " + task + " waits for");
    }
    JsonNode value = asked.render(TransitionScope.of(t, task));
    String text = value.isTextual() ? value.textValue() : value.toString();
    try {
      Instant due =
          until != null
              ? OffsetDateTime.parse(text).toInstant()
              : t.now().plus(Duration.parse(text));
      if (due.isAfter(t.now().plus(t.tuning().longestWait()))) {
        throw new ExpressionException(
            "the wait of " + task + " ends at " + due + ", which is too far away");
      }
      return due.truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException | ArithmeticException e) {
      throw new ExpressionException(
          "the wait of "
              + task
              + " is '"
              + text
              + (until != null
                  ? "', no instant such as 2026-03-01T09:00:00Z"
                  : "', no duration such as PT1H"),
          e);
    }
  }
}
