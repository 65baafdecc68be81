package io.ligature.schemas.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of reading a definition's text. */
public sealed interface ParsedDefinition {

  /**
   * The text is a sound definition.
   *
   * @param version as the text has it; null when it has none
   */
  record Sound(Definition definition, @Nullable Integer version) implements ParsedDefinition {}

  /** The text is not; every problem that was found, in the order of the text. */
  record Refused(List<Problem> problems) implements ParsedDefinition {}
}
