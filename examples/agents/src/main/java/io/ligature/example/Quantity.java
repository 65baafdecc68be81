package io.ligature.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number, or a range of numbers, with what it counts, as it stands in a sentence.
 *
 * @param unit {@code %}, {@code calendar} for the number of a year, otherwise the word behind the
 *     number in the singular; empty when there is none
 */
record Quantity(double low, double high, String unit) {

  private static final String NUMBER = "(-?\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|-?\\d+(?:\\.\\d+)?)";
  private static final Pattern PATTERN =
      Pattern.compile(
          "(?<![\\w.,])"
              + NUMBER
              + "(?:(?:\\s*[\u2013-]\\s*|\\s+(?:to|and|or)\\s+)"
              + NUMBER
              + ")?(?:\\s*(%)|\\s+(\\p{L}+)(?:\\s+(hours?))?)?");
  private static final List<String> SMALL_NUMBERS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve");

  /** Values that differ by less than this share are the same: people round. */
  private static final double TOLERANCE = 0.02;

  static List<Quantity> in(String sentence) {
    String text = sentence.toLowerCase(Locale.ROOT);
    for (int i = 2; i < SMALL_NUMBERS.size(); i++) {
      text = text.replaceAll("\\b" + SMALL_NUMBERS.get(i) + "\\b", Integer.toString(i));
    }
    List<Quantity> quantities = new ArrayList<>();
    Matcher matcher = PATTERN.matcher(text);
    while (matcher.find()) {
      double first = value(matcher.group(1));
      double second = matcher.group(2) == null ? first : value(matcher.group(2));
      quantities.add(
          new Quantity(Math.min(first, second), Math.max(first, second), unit(matcher, first)));
    }
    return quantities;
  }

  boolean sameUnit(Quantity other) {
    return unit.equals(other.unit);
  }

  /** True when the ranges touch. */
  boolean agrees(Quantity other) {
    double slack =
        unit.equals("calendar") ? 0 : TOLERANCE * Math.max(Math.abs(high), Math.abs(other.high));
    return low <= other.high + slack && other.low <= high + slack;
  }

  private static String unit(Matcher matcher, double value) {
    String word = matcher.group(4);
    boolean unitless = word == null || Words.plain(word).isEmpty();
    if (matcher.group(3) == null && unitless) {
      return value >= 1000 && value < 2200 && value == Math.rint(value) ? "calendar" : "";
    }
    if (matcher.group(3) != null || word.equals("percent") || word.equals("per")) {
      return "%";
    }
    return matcher.group(5) == null ? Words.stem(word) : Words.stem(word) + " hour";
  }

  private static double value(String number) {
    return Double.parseDouble(number.replace(",", ""));
  }
}
