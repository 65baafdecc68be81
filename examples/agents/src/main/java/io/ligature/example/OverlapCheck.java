package io.ligature.example;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Supports a claim when one sentence has most of its exact words and all its numbers; it cannot
 * tell a contradiction from a lack of evidence.
 */
final class OverlapCheck extends ClaimAgent {

  private static final double ENOUGH = 0.6;

  OverlapCheck(Documents documents) {
    super(documents);
  }

  @Override
  public String id() {
    return "check-overlap";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.006");
  }

  @Override
  Check check(String claim, List<Statement> statements) {
    Set<String> words = new HashSet<>(Words.plain(claim));
    Statement nearest = null;
    double most = 0;
    for (Statement statement : statements) {
      Set<String> common = new HashSet<>(Words.plain(statement.text()));
      common.retainAll(words);
      double coverage = words.isEmpty() ? 0 : (double) common.size() / words.size();
      if (coverage > most) {
        most = coverage;
        nearest = statement;
      }
    }
    if (nearest == null || most < ENOUGH) {
      return new Check(claim, Verdict.UNSUPPORTED, null, most, "no sentence says this");
    }
    if (!Words.plain(nearest.text()).containsAll(numbers(words))) {
      return new Check(
          claim, Verdict.UNSUPPORTED, nearest, most, "the nearest sentence has other numbers");
    }
    return new Check(claim, Verdict.SUPPORTED, nearest, most, "a sentence has the same words");
  }

  private static Set<String> numbers(Set<String> words) {
    Set<String> numbers = new HashSet<>(words);
    numbers.removeIf(word -> !Character.isDigit(word.charAt(0)));
    return numbers;
  }
}
