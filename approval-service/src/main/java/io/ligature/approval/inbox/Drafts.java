package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.WellFormed;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Edited outputs on their way: read from the form, changed by its buttons, checked. */
@ApplicationScoped
class Drafts {

  private static final Pattern VIOLATION = Pattern.compile("(/.*?|/): (.*)", Pattern.DOTALL);
  private static final Pattern MISSING =
      Pattern.compile("required property '(.+)' not found", Pattern.DOTALL);
  private static final String LARGE =
      "This output has more fields than a form should have, so it is edited as JSON.";

  private final Desk desk;
  private final InboxSettings settings;

  Drafts(Desk desk, InboxSettings settings) {
    this.desk = desk;
    this.settings = settings;
  }

  /**
   * An output as it stands in the form.
   *
   * @param errors what is wrong, by JSON pointer; empty: it could be approved
   * @param raw true: it is edited as JSON
   * @param text what was typed as JSON; null: the value tells
   */
  record Draft(
      JsonNode value, Map<String, List<String>> errors, boolean raw, @Nullable String text) {

    boolean right() {
      return errors.isEmpty();
    }
  }

  /** Before anything is changed. */
  Draft begin(Person person, Review review, boolean raw) {
    JsonNode value = original(review);
    if (value.isMissingNode()) {
      // A person does the task: nothing is wrong before they have begun.
      return new Draft(
          Fresh.value(schema(review), value, JsonPointer.empty()), Map.of(), raw, null);
    }
    return checked(person, review, new FormReader.Result(value, Map.of()), raw, null);
  }

  Draft read(Person person, Review review, Posted posted, boolean raw) {
    Optional<String> json = posted.field("json");
    FormReader.Result result = json.map(FormReader::json).orElseGet(() -> FormReader.read(posted));
    String text = raw ? json.orElse(null) : null;
    boolean readable = json.isEmpty() || result.errors().isEmpty();
    return checked(person, review, result, raw || !readable, readable ? text : json.orElse(null));
  }

  /** Adds an empty element to the list at the pointer, or what is not there yet. */
  Draft add(Person person, Review review, Draft draft, String pointer) {
    return changed(
        person,
        review,
        draft,
        value -> {
          JsonPointer at = compiled(pointer);
          if (value.at(at) instanceof ArrayNode list && list.size() < settings.maxFields()) {
            list.add(Fresh.element(schema(review), value, at));
          } else if (!at.matches()
              && value.at(at.head()) instanceof ObjectNode parent
              && (value.at(at).isMissingNode() || value.at(at).isNull())) {
            parent.set(at.last().getMatchingProperty(), Fresh.value(schema(review), value, at));
          }
        });
  }

  /** Removes the list element or the member at the pointer. */
  Draft remove(Person person, Review review, Draft draft, String pointer) {
    return changed(
        person,
        review,
        draft,
        value -> {
          JsonPointer at = compiled(pointer);
          if (!at.matches() && value.at(at.head()) instanceof ArrayNode list) {
            list.remove(at.last().getMatchingIndex());
          } else if (!at.matches() && value.at(at.head()) instanceof ObjectNode parent) {
            parent.remove(at.last().getMatchingProperty());
          }
        });
  }

  /**
   * @param version of the review that the draft began with; null: the one that is shown
   */
  EditScreen screen(Review review, ReviewScreen shown, Draft draft, @Nullable Long version) {
    Optional<FormBuilder.Form> form =
        draft.raw()
            ? Optional.empty()
            : FormBuilder.build(
                schema(review), draft.value(), draft.errors(), settings.maxFields());
    String text = draft.text() == null ? Showing.pretty(draft.value()) : draft.text();
    List<Field.Message> messages =
        form.map(FormBuilder.Form::messages).orElseGet(() -> plain(draft.errors()));
    return new EditScreen(
        shown,
        form.map(FormBuilder.Form::root).orElse(null),
        text,
        Math.clamp(text.lines().count() + 1, 12, 40),
        draft.raw() || form.isPresent() ? "" : LARGE,
        messages,
        Changes.between(original(review), draft.value(), settings),
        form.map(some -> slots(some.fields())).orElse(""),
        version == null ? shown.version() : version);
  }

  /** What is to be approved as it is now. */
  static JsonNode original(Review review) {
    return Showing.json(Screens.subject(review)).orElse(MissingNode.getInstance());
  }

  private Draft changed(Person person, Review review, Draft draft, Consumer<JsonNode> change) {
    JsonNode value = draft.value().deepCopy();
    change.accept(value);
    return checked(person, review, new FormReader.Result(value, Map.of()), draft.raw(), null);
  }

  private Draft checked(
      Person person, Review review, FormReader.Result read, boolean raw, @Nullable String text) {
    Map<String, List<String>> errors = new LinkedHashMap<>(read.errors());
    String unwritable = WellFormed.problem(read.value());
    if (read.value().isMissingNode()) {
      errors.put("", List.of("give an output"));
    } else if (unwritable != null) {
      errors.put("", List.of(unwritable));
    } else {
      Wish wish = Wish.edit(Payloads.json(read.value()), "");
      desk.objection(person, review, wish).ifPresent(refusal -> add(errors, refusal));
    }
    return new Draft(read.value(), errors, raw, text);
  }

  private static void add(Map<String, List<String>> errors, Refusal refusal) {
    // Who may decide, and when, is told when they decide; here it is about the output alone.
    if (!(refusal instanceof Refusal.InvalidEdit invalid)) {
      return;
    }
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String violation : invalid.violations()) {
      Matcher parts = VIOLATION.matcher(violation);
      String pointer = parts.matches() && !parts.group(1).equals("/") ? parts.group(1) : "";
      String text = parts.matches() ? parts.group(2) : violation;
      Matcher missing = MISSING.matcher(text);
      if (missing.matches()) {
        pointer += JsonPointer.empty().appendProperty(missing.group(1));
        text = "this is needed";
      }
      found.computeIfAbsent(pointer, any -> new ArrayList<>()).add(text);
    }
    // What the reader said of a value is nearer to what was typed than what the schema says of it.
    found.forEach(errors::putIfAbsent);
  }

  private static List<Field.Message> plain(Map<String, List<String>> errors) {
    List<Field.Message> messages = new ArrayList<>();
    errors.forEach(
        (pointer, texts) ->
            texts.forEach(
                text ->
                    messages.add(
                        new Field.Message(
                            "json", pointer.isEmpty() ? "The output" : pointer, text))));
    return messages;
  }

  private static String slots(int fields) {
    return IntStream.rangeClosed(1, fields)
        .mapToObj(i -> "#f" + i + "-wrong")
        .collect(Collectors.joining(",", "#problems,", ""));
  }

  private static JsonNode schema(Review review) {
    NeedsReview request = review.request();
    String text = request.getOutputSchema();
    if (text == null) {
      return MissingNode.getInstance();
    }
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonPointer compiled(String pointer) {
    try {
      return JsonPointer.compile(pointer);
    } catch (IllegalArgumentException e) {
      throw PageProblem.invalid("“" + pointer + "” is no place in the form.");
    }
  }
}
