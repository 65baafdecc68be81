package io.ligature.example;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Weighs each word by how rare it is, compares numbers by unit and range, and minds negation.
 *
 * <p>The sentence that covers most of the claim is the evidence. It contradicts the claim when it
 * gives other numbers in the same unit, or when one of the two is negated and the other is not.
 */
final class EvidenceCheck extends ClaimAgent {

  private static final double ENOUGH = 0.6;
  private static final Pattern NEGATION = Pattern.compile("\\b(not|no|never|cannot|nor|n't)\\b");

  private record Indexed(Statement statement, Set<String> words, List<Quantity> quantities) {}

  private record Nearest(@Nullable Indexed entry, double coverage) {}

  private final Map<Statement, Indexed> index = new HashMap<>();
  private final Map<String, Integer> statementsWith = new HashMap<>();

  EvidenceCheck(Documents documents) {
    super(documents);
    for (Statement statement : statements()) {
      Set<String> words = words(statement.text());
      words.forEach(word -> statementsWith.merge(word, 1, Integer::sum));
      index.put(statement, new Indexed(statement, words, Quantity.in(statement.text())));
    }
  }

  @Override
  public String id() {
    return "check-evidence";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.015");
  }

  @Override
  Check check(String claim, List<Statement> statements) {
    List<Quantity> quantities = Quantity.in(claim);
    Nearest nearest = nearest(claim, quantities, statements);
    Indexed entry = nearest.entry();
    if (entry == null || nearest.coverage() < ENOUGH) {
      return new Check(
          claim, Verdict.UNSUPPORTED, null, nearest.coverage(), "no document says this");
    }
    Statement evidence = entry.statement();
    if (!disagreeing(quantities, entry.quantities()).isEmpty()) {
      return new Check(
          claim,
          Verdict.CONTRADICTED,
          evidence,
          nearest.coverage(),
          "the document gives another number");
    }
    if (negated(claim) != negated(evidence.text())) {
      return new Check(
          claim, Verdict.CONTRADICTED, evidence, nearest.coverage(), "the document says otherwise");
    }
    if (!allFound(quantities, entry.quantities())) {
      return new Check(
          claim,
          Verdict.UNSUPPORTED,
          evidence,
          nearest.coverage(),
          "the document does not give this number");
    }
    return new Check(
        claim, Verdict.SUPPORTED, evidence, nearest.coverage(), "a document says the same");
  }

  private Nearest nearest(String claim, List<Quantity> quantities, List<Statement> statements) {
    Set<String> words = words(claim);
    double total = words.stream().mapToDouble(this::weight).sum();
    Indexed best = null;
    double most = 0;
    for (Statement statement : statements) {
      Indexed entry = java.util.Objects.requireNonNull(index.get(statement));
      double common =
          words.stream().filter(entry.words()::contains).mapToDouble(this::weight).sum();
      double coverage = total == 0 ? 0 : common / total;
      boolean agreesBetter =
          best != null
              && coverage == most
              && disagreeing(quantities, entry.quantities()).isEmpty()
              && !disagreeing(quantities, best.quantities()).isEmpty();
      if (coverage > most || agreesBetter) {
        most = coverage;
        best = entry;
      }
    }
    return new Nearest(best, most);
  }

  /** Those of the claim for which the evidence has numbers of the same unit, but no equal one. */
  private static List<Quantity> disagreeing(List<Quantity> claimed, List<Quantity> found) {
    List<Quantity> disagreeing = new ArrayList<>();
    for (Quantity quantity : claimed) {
      boolean known = found.stream().anyMatch(quantity::sameUnit);
      if (known && found.stream().noneMatch(f -> quantity.sameUnit(f) && quantity.agrees(f))) {
        disagreeing.add(quantity);
      }
    }
    return disagreeing;
  }

  private static boolean allFound(List<Quantity> claimed, List<Quantity> found) {
    return claimed.stream().allMatch(quantity -> found.stream().anyMatch(quantity::agrees));
  }

  private double weight(String word) {
    int with = statementsWith.getOrDefault(word, 0);
    return Math.log(1 + (index.size() + 0.5) / (with + 0.5));
  }

  /** Without numbers, which are compared as quantities. */
  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>(Words.stemmed(text));
    words.removeIf(word -> Character.isDigit(word.charAt(0)));
    return words;
  }

  private static boolean negated(String text) {
    return NEGATION.matcher(text.toLowerCase(Locale.ROOT)).find();
  }
}
