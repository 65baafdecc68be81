package io.ligature.executor.execution.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Knows the texts that stand where an answer should. */
final class Placeholders {

  private static final Set<String> WORDS =
      Set.of(
          "todo",
          "tbd",
          "tba",
          "fixme",
          "xxx",
          "n/a",
          "placeholder",
          "lorem ipsum",
          "...",
          "…",
          "undefined");

  /** The whole text is one thing in brackets, such as {@code <summary here>}. */
  private static final Pattern BRACKETED =
      Pattern.compile(
          "(?=.*[a-z])(<[^<>]{1,80}>|\\[[^\\[\\]]{1,80}]|\\{\\{[^{}]{1,80}}}|\\$\\{[^{}]{1,80}})");

  private static final Pattern INSTRUCTION =
      Pattern.compile("(insert|your|put|add) .{1,60} here\\.?|todo\\b.{0,80}");

  private Placeholders() {}

  static boolean isOne(String text) {
    String bare = text.strip().toLowerCase(Locale.ROOT);
    return WORDS.contains(bare)
        || BRACKETED.matcher(bare).matches()
        || INSTRUCTION.matcher(bare).matches();
  }

  /** Where the first one stands, as a JSON pointer. */
  static Optional<String> firstIn(JsonNode value) {
    return firstIn(value, "");
  }

  private static Optional<String> firstIn(JsonNode value, String place) {
    if (value.isTextual()) {
      return isOne(value.textValue()) ? Optional.of(Coercion.named(place)) : Optional.empty();
    }
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      Optional<String> found = firstIn(each.getValue(), Coercion.below(place, each.getKey()));
      if (found.isPresent()) {
        return found;
      }
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        Optional<String> found = firstIn(value.get(i), place + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }
}
