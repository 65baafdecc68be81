package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value in whose strings expressions stand; a string that is one expression becomes its
 * value.
 */
public interface Template {

  /** Names of the tasks whose results it reads; nothing else needs to be loaded for it. */
  Set<String> tasks();

  /** True when it reads the workflow's input. */
  boolean readsInput();

  /** Names of the variables it reads. */
  Set<String> variables();

  /** Which of the names that exist at its place only it reads: {@code item}, {@code index}, … */
  Set<String> locals();

  /** What it copies whole, so that the bytes can be passed on unread; null: it must be rendered. */
  @Nullable Copy copies();

  /**
   * @throws ExpressionException when an expression cannot be evaluated on this scope
   */
  JsonNode render(Scope scope);

  /**
   * A template that is just <code>${input}</code>, <code>${tasks.x.output}</code> or a local name
   * such as <code>${item}</code>.
   */
  sealed interface Copy {
    record OfInput() implements Copy {}

    record OfOutput(String task) implements Copy {}

    record OfLocal(String name) implements Copy {}
  }
}
