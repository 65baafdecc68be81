package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentCall;
import io.ligature.agent.SettingsReader;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Failure;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.ErrorKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model is told: a system prompt and a template, both with places such as {@code {{input}}}
 * or {@code {{input.topic}}}. Whatever is put into a place is not looked at for places again. What
 * the answer must look like and what is to be better than last time follow at the end of a template
 * that has no place for them.
 */
final class Prompt {

  private static final String DEFAULT_SYSTEM =
      "You do one task of an automated workflow. Programs read your answer: give the answer itself,"
          + " without introduction or comment.";

  private static final String DEFAULT_TEMPLATE =
      """
      Task: {{capability}}

      {{instructions}}

      Input as JSON:
      {{input}}

      {{output}}

      {{feedback}}
      """;

  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.-]+)\\s*}}");
  private static final String PARAGRAPH = "\n\n";
  private static final String FIELD = "input.";
  private static final Set<String> PLACES =
      new TreeSet<>(List.of("capability", "feedback", "input", "instructions", "output"));

  /** What a model can do better about; a rate limit is none of its business. */
  private static final Set<String> FOR_THE_MODEL =
      Set.of(
          ErrorKind.SCHEMA_MISMATCH.wireName(),
          ErrorKind.REJECTED_BY_VALIDATOR.wireName(),
          ErrorKind.REJECTED_BY_REVIEWER.wireName(),
          ErrorKind.LOW_CONFIDENCE.wireName());

  private final String system;
  private final String template;
  private final String instructions;

  private Prompt(String system, String template, String instructions) {
    this.system = system;
    this.template = template;
    this.instructions = instructions;
  }

  static Prompt of(SettingsReader reader) {
    String template = reader.text("prompt").orElse(DEFAULT_TEMPLATE);
    return new Prompt(
        checked("systemPrompt", reader.text("systemPrompt").orElse(DEFAULT_SYSTEM), reader),
        checked("prompt", withPlace("feedback", withPlace("output", template)), reader),
        reader.text("instructions").orElse(""));
  }

  private static String withPlace(String place, String template) {
    return template.contains("{{" + place + "}}") ? template : template + "\n\n{{" + place + "}}";
  }

  private static String checked(String key, String text, SettingsReader reader) {
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      String place = matcher.group(1);
      if (!PLACES.contains(place) && !place.startsWith(FIELD)) {
        reader.refuse(
            key,
            "has a place {{"
                + place
                + "}}; there are "
                + String.join(", ", PLACES)
                + " and input.<field>");
      }
    }
    return text;
  }

  /** A template asks for a field that the input does not have. */
  static final class MissingFieldException extends Exception {
    MissingFieldException(String place) {
      super("the prompt names {{" + place + "}}, and the input has no such field");
    }
  }

  record Text(String system, String user) {}

  /**
   * @param output what the answer must look like; may be empty
   */
  Text render(AgentCall call, String output) throws MissingFieldException {
    return new Text(filled(system, call, output), filled(template, call, output));
  }

  private String filled(String text, AgentCall call, String output) throws MissingFieldException {
    Matcher matcher = PLACE.matcher(text);
    StringBuilder filled = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      filled.append(text, end, matcher.start());
      String value = value(matcher.group(1), call, output);
      filled.append(value);
      end = matcher.end();
      if (value.isEmpty() && text.startsWith(PARAGRAPH, end)) {
        end += PARAGRAPH.length();
      }
    }
    filled.append(text, end, text.length());
    return end == 0 ? text : filled.toString().strip();
  }

  private String value(String place, AgentCall call, String output) throws MissingFieldException {
    return switch (place) {
      case "capability" -> call.envelope().getCapability();
      case "instructions" -> instructions;
      case "input" -> call.input().toPrettyString();
      case "output" -> output;
      case "feedback" -> feedback(call.envelope().getContext());
      default -> field(place, call.input());
    };
  }

  private static String field(String place, JsonNode input) throws MissingFieldException {
    JsonNode found = input;
    for (String name : place.substring(FIELD.length()).split("\\.", -1)) {
      found = found.path(name);
    }
    if (found.isMissingNode()) {
      throw new MissingFieldException(place);
    }
    return found.isTextual() ? found.textValue() : found.toString();
  }

  private static String feedback(WorkflowContext context) {
    StringBuilder text = new StringBuilder();
    for (EarlierAttempt attempt : context.getEarlierAttempts()) {
      Failure failure = attempt.getFailure();
      if (failure != null && FOR_THE_MODEL.contains(failure.getKind())) {
        text.append(text.isEmpty() ? "Earlier answers were not accepted. Do better:\n" : "")
            .append("- attempt ")
            .append(attempt.getAttempt())
            .append(", ")
            .append(failure.getKind())
            .append(": ")
            .append(failure.getMessage())
            .append('\n');
      }
    }
    if (!context.getReviewFeedback().isEmpty()) {
      text.append("A reviewer asks for these changes:\n");
      context.getReviewFeedback().forEach(each -> text.append("- ").append(each).append('\n'));
    }
    return text.toString();
  }
}
