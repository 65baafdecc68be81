package io.ligature.approval.desk;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Whether texts can be written down: half of a character pair is no character in any encoding, and
 * much that reads a text ends at a NUL.
 */
public final class WellFormed {

  private WellFormed() {}

  /** What is wrong with what a person says; null: nothing. */
  static @Nullable String problem(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        return "the text has a control character at position " + (i + 1) + "; leave it out";
      }
    }
    return isWhole(text) ? null : "the text has half of a character pair; leave it out";
  }

  /** What is wrong with an output; null: nothing. */
  public static @Nullable String problem(JsonNode output) {
    return problem(output, JsonPointer.empty());
  }

  private static @Nullable String problem(JsonNode value, JsonPointer at) {
    if (value.isTextual()) {
      return isWritable(value.textValue()) ? null : at + ": " + unwritable();
    }
    if (value.isObject()) {
      for (var member : value.properties()) {
        if (!isWritable(member.getKey())) {
          return at + ": the name of a member: " + unwritable();
        }
        String below = problem(member.getValue(), at.appendProperty(member.getKey()));
        if (below != null) {
          return below;
        }
      }
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      String below = problem(value.get(i), at.appendIndex(i));
      if (below != null) {
        return below;
      }
    }
    return null;
  }

  private static String unwritable() {
    return "it has a NUL or half of a character pair; leave it out";
  }

  private static boolean isWritable(String text) {
    return text.indexOf('\0') < 0 && isWhole(text);
  }

  private static boolean isWhole(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
