package io.ligature.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes English text apart into the words that carry its content. */
final class Words {

  private static final Pattern WORD =
      Pattern.compile("\\p{L}[\\p{L}\\p{N}]*|\\p{N}+([.,]\\p{N}+)*");

  private static final Set<String> STOP_WORDS =
      Set.of(
          "a",
          "about",
          "above",
          "after",
          "all",
          "also",
          "although",
          "an",
          "and",
          "any",
          "are",
          "as",
          "at",
          "be",
          "because",
          "been",
          "before",
          "below",
          "between",
          "both",
          "but",
          "by",
          "can",
          "do",
          "does",
          "each",
          "even",
          "every",
          "few",
          "for",
          "from",
          "has",
          "have",
          "how",
          "if",
          "in",
          "into",
          "is",
          "it",
          "its",
          "itself",
          "less",
          "many",
          "may",
          "more",
          "most",
          "much",
          "no",
          "not",
          "of",
          "often",
          "on",
          "once",
          "one",
          "only",
          "or",
          "other",
          "out",
          "over",
          "s",
          "same",
          "so",
          "some",
          "still",
          "such",
          "than",
          "that",
          "the",
          "their",
          "them",
          "then",
          "there",
          "therefore",
          "these",
          "they",
          "this",
          "those",
          "through",
          "to",
          "too",
          "under",
          "until",
          "up",
          "usually",
          "very",
          "was",
          "were",
          "what",
          "when",
          "where",
          "which",
          "while",
          "who",
          "why",
          "will",
          "with",
          "would");

  private Words() {}

  /** Lower-case words without stop words, in the order of the text. */
  static List<String> plain(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      String word = matcher.group();
      if (!STOP_WORDS.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }

  /** As {@link #plain}, with plural and singular made one. */
  static List<String> stemmed(String text) {
    return plain(text).stream().map(Words::stem).toList();
  }

  /** The "S" stemmer of D. Harman, "How effective is suffixing?", JASIS 42 (1991). */
  static String stem(String word) {
    if (word.length() < 4) {
      return word;
    }
    if (word.endsWith("ies") && !word.endsWith("eies") && !word.endsWith("aies")) {
      return word.substring(0, word.length() - 3) + "y";
    }
    if (word.endsWith("es")
        && !word.endsWith("aes")
        && !word.endsWith("ees")
        && !word.endsWith("oes")) {
      return word.substring(0, word.length() - 1);
    }
    if (word.endsWith("s") && !word.endsWith("us") && !word.endsWith("ss")) {
      return word.substring(0, word.length() - 1);
    }
    return word;
  }
}
