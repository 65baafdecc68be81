package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells in plain words what the JSON Schema validator found.
 *
 * <p>Where several forms are allowed ({@code anyOf}), the validator complains about each of them. A
 * form that fails at its very root was not meant; what is told are the faults inside the one that
 * was. When none was, the forms themselves are told.
 */
final class ShapeProblems {

  private static final Set<String> FORM_KEYWORDS =
      Set.of("type", "required", "additionalProperties", "enum");
  private static final String REFERENCE = "see docs/definitions.md";
  private static final String FORMS = "anyOf";

  private final LocatedDocument document;

  ShapeProblems(LocatedDocument document) {
    this.document = document;
  }

  List<Problem> of(List<Error> errors) {
    Set<Problem> problems = new LinkedHashSet<>();
    List<Finding> all =
        errors.stream().map(error -> new Finding(place(error), steps(error), error)).toList();
    for (Finding finding : meant(all, 0)) {
      Error error = finding.error();
      problems.add(error == null ? noForm(finding.place()) : problem(finding.place(), error));
    }
    return List.copyOf(problems);
  }

  /**
   * A fault, or that a value has no form that is allowed.
   *
   * @param steps the validator's way through the schema
   * @param error null: the value has none of the forms
   */
  private record Finding(String place, List<String> steps, @Nullable Error error) {

    /** Whether it says that another form was meant, and not that this one was used wrongly. */
    boolean isOfForm() {
      return error == null || FORM_KEYWORDS.contains(error.getKeyword());
    }
  }

  private static List<Finding> meant(List<Finding> findings, int from) {
    List<Finding> meant = new ArrayList<>();
    Map<String, Map<String, List<Finding>>> choices = new LinkedHashMap<>();
    for (Finding finding : findings) {
      List<String> rest = finding.steps().subList(from, finding.steps().size());
      int forms = rest.indexOf(FORMS);
      if (forms < 0) {
        meant.add(finding);
      } else {
        String root = root(finding.place(), rest.subList(forms, rest.size()));
        choices
            .computeIfAbsent(root, any -> new TreeMap<>())
            .computeIfAbsent(rest.get(forms + 1), any -> new ArrayList<>())
            .add(finding);
      }
    }
    choices.forEach((root, forms) -> meant.addAll(meantForm(root, forms, from)));
    return meant;
  }

  private static List<Finding> meantForm(String root, Map<String, List<Finding>> forms, int from) {
    for (List<Finding> form : forms.values()) {
      List<String> steps = form.getFirst().steps();
      int inside = from + steps.subList(from, steps.size()).indexOf(FORMS) + 2;
      List<Finding> faults = meant(form, inside);
      if (faults.stream().noneMatch(fault -> fault.place().equals(root) && fault.isOfForm())) {
        return faults;
      }
    }
    return List.of(new Finding(root, List.of(), null));
  }

  /** The value that has the forms: above what the steps went down to. */
  private static String root(String place, List<String> steps) {
    String root = place;
    for (String step : steps) {
      if (step.equals("properties") || step.equals("items")) {
        root = root.substring(0, Math.max(0, root.lastIndexOf('/')));
      }
    }
    return root;
  }

  private static String place(Error error) {
    return error.getInstanceLocation().toString();
  }

  private static List<String> steps(Error error) {
    return List.of(error.getEvaluationPath().toString().split("/", -1));
  }

  private Problem noForm(String place) {
    String forms =
        switch (last(place)) {
          case "needs" ->
              "write a list of tasks, { all: [A, B] }, { any: [A, B] }, { ended: [A, B] } or {"
                  + " atLeast: 2, of: [A, B, C] }";
          case "wait" -> "write PT1H, { for: PT1H } or { until: \"${input.at}\" }";
          case "backoff" ->
              "write exponential, fixed, none or { initial: PT1S, factor: 2, max: PT1M }";
          default -> "write { retry: { max: 3 } }, { review: { role: ROLE } }, skip or fail";
        };
    String what =
        switch (last(place)) {
          case "needs" -> "this names no tasks to wait for";
          case "wait" -> "this is no time to wait for";
          case "backoff" -> "this is no backoff";
          default -> "this is no step of an error ladder";
        };
    return document.problemAt(place, what, forms);
  }

  private Problem problem(String place, Error error) {
    String field = last(place);
    String value = text(error.getInstanceNode());
    return switch (error.getKeyword().toLowerCase(Locale.ROOT)) {
      case "additionalproperties" -> unknownField(place, error.getProperty());
      case "required" ->
          document.problemAt(
              place, "the field '" + error.getProperty() + "' is missing", "add it; " + REFERENCE);
      case "propertynames" ->
          document.problemAt(
              LocatedDocument.child(place, error.getProperty()),
              "'" + error.getProperty() + "' is not a task's name",
              "begin with a letter, go on with letters, digits, '_' and '-', at most 64");
      case "type" ->
          document.problemAt(
              place,
              subject(field)
                  + " is of type "
                  + error.getArguments()[0]
                  + ", not "
                  + error.getArguments()[1],
              REFERENCE);
      case "enum" -> notOneOf(place, listOf(place, field), value, error.getSchemaNode());
      case "const" ->
          field.equals("pass")
              ? document.problemAt(
                  place, "'pass' says that nobody has to look", "write true, or leave it out")
              : later(place, "'" + field + ": " + value + "'", "leave it out for now");
      case "minimum" ->
          document.problemAt(place, value + " is too small", "give at least " + bound(error));
      case "maximum" ->
          document.problemAt(place, value + " is too large", "give at most " + bound(error));
      case "pattern" -> badText(place, value, error);
      case "uniqueitems" ->
          document.problemAt(place, "a name stands there twice", "remove one of them");
      case "minproperties", "minitems" ->
          document.problemAt(place, "'" + field + "' is empty", "add at least one entry");
      default -> document.problemAt(place, error.getMessage(), REFERENCE);
    };
  }

  /** The name of the field, and for an entry that of its list. */
  private static String listOf(String place, String field) {
    boolean entry = !field.isEmpty() && Character.isDigit(field.charAt(0));
    return entry ? last(place.substring(0, place.lastIndexOf('/'))) : field;
  }

  private Problem notOneOf(String place, String field, String value, JsonNode allowed) {
    return document.problemAt(
        place,
        "'" + value + "' is no value of '" + field + "'",
        "use "
            + StreamSupport.stream(allowed.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(" or ")));
  }

  private Problem badText(String place, String value, Error error) {
    String definition = error.getSchemaLocation().toString();
    if (definition.contains("/duration/")) {
      return document.problemAt(place, "'" + value + "' is not a duration", Values.WRITE_DURATION);
    }
    if (definition.contains("/money/")) {
      return document.problemAt(
          place,
          "'" + value + "' is not an amount",
          "write a number with at most six digits behind the point, such as 0.40");
    }
    if (definition.contains("/agent/")) {
      return document.problemAt(
          place,
          "'" + value + "' is not an agent's id",
          "begin with a letter or digit, go on with those, '.', '_' and '-', at most 128");
    }
    if (definition.contains("/timeOfDay/")) {
      return document.problemAt(
          place, "'" + value + "' is not a time of day", "write hours and minutes, as 09:00");
    }
    if (last(place).equals("role") || definition.contains("/role/")) {
      return document.problemAt(
          place,
          "'" + value + "' is not a role",
          "begin with a lower-case letter, go on with those, digits and '-', at most 64");
    }
    return document.problemAt(
        place,
        "'" + value + "' is not a " + (last(place).equals("capability") ? "capability" : "name"),
        "begin with a letter, go on with letters, digits, '.', '_' and '-', at most 100");
  }

  private Problem unknownField(String place, String field) {
    String pointer = LocatedDocument.child(place, field);
    return document.problemAt(
        pointer, "there is no field '" + field + "' here", "remove it or correct its name");
  }

  private Problem later(String place, String what, String remedy) {
    return document.problemAt(
        place,
        what + " is part of the language but not run by this version",
        remedy + "; " + REFERENCE);
  }

  private static String subject(String field) {
    if (field.isEmpty()) {
      return "the definition";
    }
    return Character.isDigit(field.charAt(0)) ? "entry " + field : "'" + field + "'";
  }

  private static String bound(Error error) {
    return error.getSchemaNode().asText();
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private static String last(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }
}
