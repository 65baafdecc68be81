package io.ligature.schemas.definition;

import java.util.Set;

/** A CEL expression that was compiled and type-checked when the definition was parsed. */
public interface Expression {

  /** The text between <code>${</code> and <code>}</code>. */
  String text();

  /** Names of the tasks whose results it reads; nothing else needs to be loaded for it. */
  Set<String> tasks();

  /** True when it reads the workflow's input. */
  boolean readsInput();

  /** Names of the variables it reads. */
  Set<String> variables();

  /** Which of the names that exist at its place only it reads: {@code item}, {@code index}, … */
  Set<String> locals();

  /**
   * @throws ExpressionException when it cannot be evaluated on this scope or costs too much
   */
  boolean isTrue(Scope scope);
}
