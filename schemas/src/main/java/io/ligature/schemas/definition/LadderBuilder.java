package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Backoff;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes error ladders of {@code onError} and {@code retry}. */
final class LadderBuilder {

  /** Of a task, by the engine's own limit; a ladder that asks for more is never climbed. */
  private static final int MOST_ATTEMPTS = 64;

  private final Values values;

  LadderBuilder(Values values) {
    this.values = values;
  }

  /**
   * @param whole the action of a task that is not done again as a whole; null: it is
   */
  Map<ErrorKind, List<Step>> ladders(JsonNode task, String place, @Nullable String whole) {
    Map<ErrorKind, List<Step>> ladders = new EnumMap<>(ErrorKind.class);
    if (task.has("retry")) {
      Retry retry = retry(task.get("retry"), place + "/retry");
      checkAttempts(List.of(retry), place + "/retry");
      for (ErrorKind kind : ErrorKind.values()) {
        if (DefaultLadders.of(kind).getFirst() instanceof Retry) {
          ladders.put(kind, List.of(retry));
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : task.path("onError").properties()) {
      String pointer = LocatedDocument.child(place + "/onError", entry.getKey());
      ErrorKind.ofWireName(entry.getKey())
          .ifPresentOrElse(
              kind -> ladders.put(kind, ladder(entry.getValue(), pointer, whole)),
              () ->
                  values.problem(
                      pointer,
                      "there is no error kind '" + entry.getKey() + "'",
                      "use one of "
                          + Arrays.stream(ErrorKind.values())
                              .map(ErrorKind::wireName)
                              .collect(Collectors.joining(", "))));
    }
    return ladders;
  }

  private List<Step> ladder(JsonNode ladder, String place, @Nullable String whole) {
    List<Step> steps =
        ladder.isArray() ? steps(ladder, place, whole) : List.of(step(ladder, place, whole));
    checkAttempts(steps, place);
    return steps;
  }

  private List<Step> steps(JsonNode ladder, String place, @Nullable String whole) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < ladder.size(); i++) {
      if (i > 0 && !(steps.getLast() instanceof Retry)) {
        values.problem(
            place + "/" + i,
            "this step is never reached",
            "remove it, or put it before the one that ends the ladder");
      }
      steps.add(step(ladder.get(i), place + "/" + i, whole));
    }
    return List.copyOf(steps);
  }

  private void checkAttempts(List<Step> ladder, String place) {
    int attempts = 1;
    for (Step step : ladder) {
      attempts += step instanceof Retry retry ? retry.max() : 0;
    }
    if (attempts > MOST_ATTEMPTS) {
      values.problem(
          place,
          "with the first one there would be "
              + attempts
              + " attempts, more than the "
              + MOST_ATTEMPTS
              + " of a task",
          "lower 'max'");
    }
  }

  private Step step(JsonNode step, String place, @Nullable String whole) {
    if (step.isTextual()) {
      return step.textValue().equals("skip")
          ? new TaskDefinition.Skip()
          : new TaskDefinition.Fail();
    }
    if (step.has("review")) {
      return new AskForReview(
          new ReviewBuilder(values).rule(step.get("review"), place + "/review"));
    }
    if (whole != null) {
      boolean composite = FieldsOfActions.isComposite(whole);
      values.problem(
          place + "/retry",
          "a task with '" + whole + "' " + (composite ? "is not tried again" : "has no attempts"),
          composite ? "put the retry on the task inside of it" : "write skip, fail or a review");
    }
    return retry(step.get("retry"), place + "/retry");
  }

  private Retry retry(JsonNode retry, String place) {
    return new Retry(
        retry.get("max").intValue(),
        backoff(retry.path("backoff"), place + "/backoff"),
        AgentChoice.valueOf(retry.path("agent").asText("any").toUpperCase(Locale.ROOT)));
  }

  private Backoff backoff(JsonNode backoff, String place) {
    if (!backoff.isObject()) {
      return switch (backoff.asText("exponential")) {
        case "none" -> DefaultLadders.AT_ONCE;
        case "fixed" -> DefaultLadders.FIXED;
        default -> DefaultLadders.EXPONENTIAL;
      };
    }
    Duration initial = values.duration(backoff, "initial", place);
    Duration most = values.duration(backoff, "max", place);
    Duration first = initial == null ? DefaultLadders.EXPONENTIAL.initial() : initial;
    Duration longest = most == null ? DefaultLadders.EXPONENTIAL.most() : most;
    if (longest.compareTo(first) < 0) {
      values.problem(
          place, "the longest wait is shorter than the first", "raise 'max' or lower 'initial'");
    }
    return new Backoff(first, backoff.path("factor").asDouble(2), longest);
  }
}
