package io.ligature.approval.inbox;

import java.util.Locale;

/** Names of fields and states as a person reads them. */
final class Labels {

  private Labels() {}

  /** {@code riskScore}, {@code risk_score} and {@code risk-score} all read "Risk score". */
  static String of(String name) {
    String spaced =
        name.replaceAll("[_-]+", " ").replaceAll("(?<=[a-z0-9])(?=[A-Z][a-z])", " ").strip();
    if (spaced.isEmpty()) {
      return name.isEmpty() ? "(no name)" : name;
    }
    StringBuilder label = new StringBuilder();
    for (String word : spaced.split(" ", -1)) {
      boolean plain = word.length() > 1 && word.equals(capitalised(word.toLowerCase(Locale.ROOT)));
      label
          .append(label.isEmpty() ? "" : " ")
          .append(plain && !label.isEmpty() ? word.toLowerCase(Locale.ROOT) : word);
    }
    return capitalised(label.toString());
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
