package io.ligature.executor.execution.repair;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.executor.execution.repair.TextRepair.None;
import io.ligature.executor.execution.repair.TextRepair.One;
import io.ligature.executor.execution.repair.TextRepair.Several;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges an answer against its schema, and mends its form before it is refused. */
public final class Repair {

  /** So many are named; a longer list helps nobody. */
  private static final int MOST_NAMED = 20;

  private static final String AS_TEXT = "answer taken as a text";
  private static final String SEVERAL =
      "/: the answer holds several JSON values, and which one is meant cannot be known; answer with"
          + " one JSON value and nothing else";
  private static final String NO_VALUE =
      "/: the answer is a text without one whole JSON value; answer with one JSON value and nothing"
          + " else";

  private Repair() {}

  /** What a value must be. */
  public interface Contract {

    /** Null when any JSON will do. */
    @Nullable JsonNode schema();

    /** Place and what is wrong there, in words; empty when nothing is. */
    List<String> violations(JsonNode value);
  }

  /** How an answer was judged. */
  public sealed interface Judged {}

  /**
   * It is what it should be.
   *
   * @param repairs what was mended, in words; empty when nothing was
   */
  public record Accepted(JsonNode value, List<String> repairs) implements Judged {}

  /**
   * It is not, and cannot be mended.
   *
   * @param value the JSON that was answered; null when there is none
   */
  public record Refused(@Nullable JsonNode value, List<String> violations) implements Judged {}

  /** Judges a value; one that is valid stays what it is. */
  public static Judged judge(JsonNode answer, Contract contract) {
    List<String> violations = contract.violations(answer);
    if (violations.isEmpty()) {
      return new Accepted(answer, List.of());
    }
    Judged mended = mend(answer, contract, List.of(), violations);
    if (mended instanceof Refused
        && answer.isTextual()
        && TextRepair.find(answer.textValue()) instanceof One(JsonNode inner, List<String> how)
        && inner.isContainerNode()) {
      List<String> repairs = new ArrayList<>(how);
      repairs.addFirst("/: text read as JSON");
      return judged(inner, contract, repairs);
    }
    return mended;
  }

  /** Judges a text that was given where JSON was expected. */
  public static Judged judge(String answer, Contract contract) {
    return switch (TextRepair.find(answer)) {
      case One(JsonNode value, List<String> repairs) -> {
        Judged judged = judged(value, contract, repairs);
        yield judged instanceof Refused && wantsText(answer, contract)
            ? taken(answer, contract)
            : judged;
      }
      case Several _ ->
          wantsText(answer, contract)
              ? taken(answer, contract)
              : new Refused(null, List.of(SEVERAL));
      case None _ -> taken(answer, contract);
    };
  }

  private static boolean wantsText(String answer, Contract contract) {
    return contract.schema() != null
        && contract.violations(TextNode.valueOf(answer.strip())).isEmpty();
  }

  private static Judged judged(JsonNode value, Contract contract, List<String> repairs) {
    List<String> violations = contract.violations(value);
    return violations.isEmpty()
        ? accepted(value, repairs)
        : mend(value, contract, repairs, violations);
  }

  /** A text is what was asked for, when the schema takes it. */
  private static Judged taken(String answer, Contract contract) {
    JsonNode text = TextNode.valueOf(answer.strip());
    return !answer.isBlank() && contract.violations(text).isEmpty()
        ? accepted(text, List.of(AS_TEXT))
        : new Refused(null, List.of(NO_VALUE));
  }

  private static Judged mend(
      JsonNode value, Contract contract, List<String> repairs, List<String> violations) {
    JsonNode schema = contract.schema();
    if (schema == null) {
      return new Refused(value, violations);
    }
    Coercion.Coerced coerced = Coercion.coerce(value, schema);
    if (coerced.repairs().isEmpty() || !contract.violations(coerced.value()).isEmpty()) {
      return new Refused(value, violations);
    }
    List<String> all = new ArrayList<>(repairs);
    all.addAll(coerced.repairs());
    return accepted(coerced.value(), all);
  }

  /** What was mended must be an answer, not a stand-in for one. */
  private static Judged accepted(JsonNode value, List<String> repairs) {
    if (repairs.isEmpty()) {
      return new Accepted(value, repairs);
    }
    Optional<String> placeholder = Placeholders.firstIn(value);
    if (placeholder.isPresent()) {
      return new Refused(
          value,
          List.of(
              placeholder.get()
                  + ": a placeholder, which a repaired answer must not hold; answer with the"
                  + " value, in JSON that needs no repair ("
                  + String.join("; ", bounded(repairs))
                  + ")"));
    }
    return new Accepted(value, bounded(repairs));
  }

  private static List<String> bounded(List<String> repairs) {
    if (repairs.size() <= MOST_NAMED) {
      return List.copyOf(repairs);
    }
    List<String> first = new ArrayList<>(repairs.subList(0, MOST_NAMED));
    first.add("and " + (repairs.size() - MOST_NAMED) + " more");
    return List.copyOf(first);
  }
}
