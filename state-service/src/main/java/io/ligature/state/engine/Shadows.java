package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowRecorded;
import io.ligature.avro.ShadowResult;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.wire.Payloads;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Records what agents made of copies. Nothing follows from it, and it costs the workflow nothing.
 */
final class Shadows {

  /** {@code 1} and {@code 1.0} are the same number. */
  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  private Shadows() {}

  /** Why it changed nothing; null when it was recorded. */
  static @Nullable String record(Transition t, AttemptId id, ShadowResult shadow) {
    TaskRow row = t.task(id.task());
    AttemptRow real = row.attemptOf(id.number());
    if (real == null) {
      return "a shadow of an attempt that is not known: " + id;
    }
    if (real.details().shadows().stream().anyMatch(s -> s.agent().equals(shadow.getAgent()))) {
      return "a duplicate: the shadow " + shadow.getAgent() + " of " + id + " is recorded";
    }
    t.emit(
        new Event.ShadowRecorded(
            new ShadowRecorded(
                id.toString(),
                shadow.getAgent(),
                shadow.getExecutor(),
                shadow.getStatus(),
                agrees(t, row, shadow),
                real.agent(),
                shadow.getMetadata(),
                shadow.getOutput(),
                shadow.getError())));
    return null;
  }

  private static @Nullable Boolean agrees(Transition t, TaskRow row, ShadowResult shadow) {
    Payload made = shadow.getOutput();
    Payload accepted =
        row.state() instanceof TaskState.Succeeded
            ? t.state().payload(Slot.output(row.task()))
            : null;
    if (shadow.getStatus() != ResultStatus.success || made == null || accepted == null) {
      return null;
    }
    if (made.getSha256().equals(accepted.getSha256())) {
      return true;
    }
    try {
      return Payloads.parse(made).equals(BY_VALUE, Payloads.parse(accepted));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
