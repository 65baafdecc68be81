package io.ligature.approval.identity;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Texts that nobody without the role may read, and the hiding of them in other texts. They are
 * found in one pass, by their first characters, however many they are.
 */
final class HiddenTexts {

  static final String HIDDEN = "••••••";

  /** Shorter texts stand by chance in too many others. */
  static final int SHORTEST = 4;

  /** By the first characters, then by length, the longest first. */
  private final Map<String, TreeMap<Integer, Set<String>>> texts = new HashMap<>();

  void add(String text) {
    addAsIs(text);
    // Failures quote JSON as it is written.
    String written = TextNode.valueOf(text).toString();
    addAsIs(written.substring(1, written.length() - 1));
  }

  private void addAsIs(String text) {
    if (text.length() >= SHORTEST) {
      texts
          .computeIfAbsent(
              text.substring(0, SHORTEST), any -> new TreeMap<>(Comparator.reverseOrder()))
          .computeIfAbsent(text.length(), any -> new HashSet<>())
          .add(text);
    }
  }

  String in(String text) {
    if (texts.isEmpty()) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    int told = 0;
    int at = 0;
    while (at + SHORTEST <= text.length()) {
      int length = lengthAt(text, at);
      if (length == 0) {
        at++;
      } else {
        shown.append(text, told, at).append(HIDDEN);
        at += length;
        told = at;
      }
    }
    return told == 0 ? text : shown.append(text, told, text.length()).toString();
  }

  /** Length of the longest hidden text that begins there; 0: none does. */
  private int lengthAt(String text, int at) {
    TreeMap<Integer, Set<String>> candidates = texts.get(text.substring(at, at + SHORTEST));
    if (candidates != null) {
      for (var sameLength : candidates.entrySet()) {
        int end = at + sameLength.getKey();
        if (end <= text.length() && sameLength.getValue().contains(text.substring(at, end))) {
          return sameLength.getKey();
        }
      }
    }
    return 0;
  }
}
