package io.ligature.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts a text into sentences. */
final class Sentences {

  private static final Set<String> ABBREVIATIONS =
      Set.of("e.g", "i.e", "approx", "ca", "vs", "no", "dr", "mr", "mrs", "prof", "fig", "st");

  private Sentences() {}

  /** A sentence ends at {@code . ! ?} before white space and anything but a lower-case letter. */
  static List<String> of(String text) {
    String flat = text.strip().replaceAll("\\s+", " ");
    List<String> sentences = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < flat.length(); i++) {
      if (endsSentence(flat, i)) {
        sentences.add(flat.substring(start, i + 1).strip());
        start = i + 1;
      }
    }
    String rest = flat.substring(start).strip();
    if (!rest.isEmpty()) {
      sentences.add(rest);
    }
    return sentences;
  }

  private static boolean endsSentence(String text, int at) {
    if (".!?".indexOf(text.charAt(at)) < 0 || at + 2 >= text.length()) {
      return false;
    }
    if (text.charAt(at + 1) != ' ' || Character.isLowerCase(text.charAt(at + 2))) {
      return false;
    }
    int space = text.lastIndexOf(' ', at);
    String word = text.substring(space + 1, at).toLowerCase(java.util.Locale.ROOT);
    return text.charAt(at) != '.' || !ABBREVIATIONS.contains(word);
  }
}
