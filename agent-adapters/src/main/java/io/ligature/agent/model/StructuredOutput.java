package io.ligature.agent.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a model is made to answer with JSON, from the strongest to the weakest. */
enum StructuredOutput {
  /** The endpoint holds the model to the schema. */
  JSON_SCHEMA,
  /** The endpoint holds the model to JSON; the schema stands in the prompt. */
  JSON_MODE,
  /** The prompt asks for it. */
  PROMPT;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static StructuredOutput ofWireName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  static List<String> wireNames() {
    return Arrays.stream(values()).map(StructuredOutput::wireName).toList();
  }
}
