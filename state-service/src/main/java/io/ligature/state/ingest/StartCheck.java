package io.ligature.state.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Budget;
import io.ligature.avro.Payload;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.StartRefused;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a start may become a workflow. It only looks: the same start, instant and
 * definitions there are give the same verdict.
 */
public final class StartCheck {

  /** What a workflow id looks like. */
  public static final Pattern WORKFLOW_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final int MOST_LABELS = 32;
  private static final int MOST_LABEL_KEY = 63;
  private static final int MOST_LABEL_VALUE = 255;
  private static final int MOST_NAME = 200;
  private static final int HIGHEST_PRIORITY = 9;
  private static final int MOST_VIOLATIONS = 20;
  private static final int MOST_VIOLATION_TEXT = 500;

  private final DefinitionFacts facts;
  private final ChildPins pins;
  private final PayloadLimit limit;

  /** What came of the check. */
  public sealed interface Verdict {}

  /** The workflow may begin. */
  public record Accepted(StartAccepted record) implements Verdict {}

  /** The definition, or this version of it, does not exist. */
  public record UnknownDefinition(String message) implements Verdict {}

  /** The start breaks rules; each violation says where, what, and what to do. */
  public record Refused(List<String> violations) implements Verdict {}

  public StartCheck(DefinitionFacts facts, ChildPins pins, PayloadLimit limit) {
    this.facts = facts;
    this.pins = pins;
    this.limit = limit;
  }

  /**
   * @param definition what the catalog has for the start; null when it has nothing
   */
  public Verdict check(WorkflowStart start, @Nullable WorkflowDefinition definition, Instant now) {
    if (definition == null) {
      return new UnknownDefinition(unknown(start));
    }
    List<String> violations = new ArrayList<>();
    checkWho(start, violations);
    checkLabels(start.getLabels(), violations);
    checkLimits(start, now, violations);
    checkInput(start.getInput(), definition, violations);
    ChildPins.Decision children = pins.decide(definition);
    violations.addAll(children.violations());
    return violations.isEmpty()
        ? new Accepted(accepted(start, definition, children, now))
        : new Refused(bounded(violations));
  }

  private static StartAccepted accepted(
      WorkflowStart start,
      WorkflowDefinition definition,
      ChildPins.Decision children,
      Instant now) {
    return StartAccepted.newBuilder()
        .setStart(start)
        .setDefinition(definition)
        .setAcceptedAt(now.truncatedTo(ChronoUnit.MILLIS))
        .setPins(children.pins())
        .setChildren(children.children())
        .build();
  }

  /** The record of a refusal; an input that is too large is left out of it. */
  public StartRefused refusal(WorkflowStart start, List<String> violations, Instant now) {
    Payload input = start.getInput();
    WorkflowStart kept = start;
    if (inlineSize(input) > limit.maxBytes()) {
      Payload left =
          new Payload(
              input.getContentType(),
              input.getSize(),
              input.getSha256(),
              null,
              "omitted:too-large");
      kept = WorkflowStart.newBuilder(start).setInput(left).build();
    }
    return new StartRefused(kept, bounded(violations), now.truncatedTo(ChronoUnit.MILLIS));
  }

  /** What is wrong with a workflow id, if anything. */
  public static Optional<String> idViolation(String workflowId) {
    return WORKFLOW_ID.matcher(workflowId).matches()
        ? Optional.empty()
        : Optional.of(
            "workflowId: '"
                + clip(workflowId)
                + "' is not a workflow id; use 1 to 128 letters, digits, '.', '_' and '-',"
                + " beginning with a letter or digit");
  }

  private static String unknown(WorkflowStart start) {
    Integer version = start.getVersion();
    return version == null
        ? "definition: there is no definition '"
            + clip(start.getDefinition())
            + "'; put it under /definitions/{name} first"
        : "version: definition '"
            + clip(start.getDefinition())
            + "' has no version "
            + version
            + "; leave the version out to get the newest";
  }

  private static void checkWho(WorkflowStart start, List<String> violations) {
    idViolation(start.getWorkflowId()).ifPresent(violations::add);
    checkName("requester", start.getRequester(), violations);
    checkName("tenant", start.getTenant(), violations);
  }

  private static void checkName(String field, String value, List<String> violations) {
    if (value.isBlank() || value.length() > MOST_NAME) {
      violations.add(
          field + ": has " + value.length() + " characters; give 1 to " + MOST_NAME + " of them");
    }
  }

  private static void checkLabels(Map<String, String> labels, List<String> violations) {
    if (labels.size() > MOST_LABELS) {
      violations.add("labels: " + labels.size() + " are too many; give at most " + MOST_LABELS);
    }
    labels.forEach(
        (key, value) -> {
          if (key.isEmpty() || key.length() > MOST_LABEL_KEY || value.length() > MOST_LABEL_VALUE) {
            violations.add(
                "labels."
                    + clip(key)
                    + ": too long or empty; a key has 1 to "
                    + MOST_LABEL_KEY
                    + " characters, a value at most "
                    + MOST_LABEL_VALUE);
          }
        });
  }

  private static void checkLimits(WorkflowStart start, Instant now, List<String> violations) {
    Integer priority = start.getPriority();
    if (priority != null && (priority < 0 || priority > HIGHEST_PRIORITY)) {
      violations.add("priority: " + priority + " is outside 0 (may wait) to 9 (first)");
    }
    Budget budget = start.getBudget();
    if (budget != null && budget.getMaxCost().signum() < 0) {
      violations.add(
          "budget.maxCost: "
              + budget.getMaxCost().toPlainString()
              + " is negative; give 0 or more");
    }
    Instant deadline = start.getDeadline();
    if (deadline != null && !deadline.isAfter(now)) {
      violations.add("deadline: " + deadline + " has passed (it is " + now + "); give a later one");
    }
  }

  private void checkInput(Payload input, WorkflowDefinition definition, List<String> violations) {
    if (input.getInline() == null) {
      violations.add("input: only inline payloads are taken; put the content into the record");
      return;
    }
    Optional<String> tooLarge = limit.violation("input", inlineSize(input));
    if (tooLarge.isPresent()) {
      violations.add(tooLarge.get());
      return;
    }
    byte[] bytes = Payloads.bytes(input);
    if (bytes.length != input.getSize() || !Payloads.sha256(bytes).equals(input.getSha256())) {
      violations.add("input: size or sha256 do not match the content; send it again");
      return;
    }
    try {
      JsonNode json = Payloads.parse(input);
      violations.addAll(facts.violations(definition, json));
    } catch (IllegalArgumentException e) {
      violations.add("input: " + clip(String.valueOf(e.getMessage())) + "; send one JSON value");
    }
  }

  private static long inlineSize(Payload payload) {
    return payload.getInline() == null ? 0 : payload.getInline().remaining();
  }

  private static List<String> bounded(List<String> violations) {
    List<String> kept =
        new ArrayList<>(violations.stream().limit(MOST_VIOLATIONS).map(StartCheck::clip).toList());
    if (violations.size() > MOST_VIOLATIONS) {
      kept.add("and " + (violations.size() - MOST_VIOLATIONS) + " more");
    }
    return List.copyOf(kept);
  }

  private static String clip(String text) {
    return text.length() <= MOST_VIOLATION_TEXT
        ? text
        : text.substring(0, MOST_VIOLATION_TEXT) + "…";
  }
}
