package io.ligature.example;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Weighs each word by how rare it is, compares numbers by unit and range, and minds negation.
 *
 * <p>A sentence is near a claim when it covers most of the claim's weight; a word that stands only
 * in the sentence before or in the title counts for less, since "it" refers back to them. Of the
 * near sentences one with the claim's numbers is taken first, then one with other numbers of the
 * same units, which contradicts the claim, then the nearest. A sentence that is negated while the
 * claim is not, or the other way round, contradicts it as well.
 */
final class EvidenceCheck extends ClaimAgent {

  private static final double ENOUGH = 0.55;
  private static final double REFERRED_TO = 0.7;
  private static final Pattern NEGATION = Pattern.compile("\\b(not|no|never|cannot|nor|n't)\\b");

  private record Indexed(
      Statement statement, Set<String> words, Set<String> referredTo, List<Quantity> quantities) {}

  private record Nearest(@Nullable Indexed entry, double coverage) {}

  private final Map<Statement, Indexed> index = new HashMap<>();
  private final Map<String, Integer> statementsWith = new HashMap<>();

  EvidenceCheck(Documents documents) {
    super(documents);
    Statement before = null;
    for (Statement statement : statements()) {
      Set<String> words = words(statement.text());
      words.forEach(word -> statementsWith.merge(word, 1, Integer::sum));
      Set<String> referredTo = words(statement.passage().title());
      if (before != null && before.passage().equals(statement.passage())) {
        referredTo.addAll(words(before.text()));
      }
      index.put(
          statement, new Indexed(statement, words, referredTo, Quantity.in(statement.text())));
      before = statement;
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
    Nearest best = new Nearest(null, 0);
    int bestFit = 0;
    for (Statement statement : statements) {
      Indexed entry = Objects.requireNonNull(index.get(statement));
      double coverage = total == 0 ? 0 : covered(words, entry) / total;
      int fit = coverage < ENOUGH ? 0 : fit(quantities, entry.quantities());
      if (fit > bestFit || (fit == bestFit && coverage > best.coverage())) {
        bestFit = fit;
        best = new Nearest(entry, coverage);
      }
    }
    return best;
  }

  private double covered(Set<String> words, Indexed entry) {
    double covered = 0;
    for (String word : words) {
      if (entry.words().contains(word)) {
        covered += weight(word);
      } else if (entry.referredTo().contains(word)) {
        covered += REFERRED_TO * weight(word);
      }
    }
    return covered;
  }

  /** 3: has the claim's numbers; 2: has others of the same units; 1: says nothing of them. */
  private static int fit(List<Quantity> claimed, List<Quantity> found) {
    if (allFound(claimed, found)) {
      return 3;
    }
    return disagreeing(claimed, found).isEmpty() ? 1 : 2;
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
    return claimed.stream()
        .allMatch(
            quantity -> found.stream().anyMatch(f -> quantity.sameUnit(f) && quantity.agrees(f)));
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
