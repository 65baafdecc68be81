package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.example.Documents.Passage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code claims.check}: looks in the documents for a sentence that says the same as a claim.
 *
 * <p>Given no claims it takes the first sentence of each finding and looks for another document
 * that says so too. Its confidence is the mean, over the claims, of how much of the claim the
 * evidence covers, and for an unsupported claim of how much the nearest sentence leaves uncovered.
 */
abstract class ClaimAgent implements Agent {

  /** Most sentences that one call checks. */
  static final int MOST_CLAIMS = 200;

  enum Verdict {
    SUPPORTED("supported"),
    UNSUPPORTED("unsupported"),
    CONTRADICTED("contradicted");

    final String word;

    Verdict(String word) {
      this.word = word;
    }
  }

  /** One sentence of a document. */
  record Statement(Passage passage, String text) {}

  /**
   * What became of one claim.
   *
   * @param coverage share of the claim that the nearest sentence covers, 0 to 1
   * @param evidence null when no sentence is near
   */
  record Check(
      String claim,
      Verdict verdict,
      @Nullable Statement evidence,
      double coverage,
      String reason) {}

  private record Claim(String text, @Nullable String madeIn) {}

  private final List<Statement> statements = new ArrayList<>();

  ClaimAgent(Documents documents) {
    for (Passage passage : documents.passages()) {
      for (String sentence : Sentences.of(passage.text())) {
        statements.add(new Statement(passage, sentence));
      }
    }
  }

  abstract Check check(String claim, List<Statement> statements);

  final List<Statement> statements() {
    return List.copyOf(statements);
  }

  @Override
  public final String capability() {
    return "claims.check";
  }

  @Override
  public final Answer answer(JsonNode input) throws InvalidInputException {
    List<Claim> claims = claims(input);
    if (claims.isEmpty()) {
      throw new InvalidInputException("'claims' and 'findings' are empty: nothing to check");
    }
    if (claims.size() > MOST_CLAIMS) {
      throw new InvalidInputException("more than " + MOST_CLAIMS + " sentences to check");
    }
    List<Check> checks = new ArrayList<>();
    for (Claim claim : claims) {
      checks.add(
          check(
              claim.text(),
              statements.stream()
                  .filter(statement -> !statement.passage().source().equals(claim.madeIn()))
                  .toList()));
    }
    return new Answer(output(checks), confidence(checks));
  }

  private static List<Claim> claims(JsonNode input) throws InvalidInputException {
    List<Claim> claims = new ArrayList<>();
    JsonNode given = input.path("claims");
    List<JsonNode> texts = given.isTextual() ? List.of(given) : Json.list(input, "claims");
    for (JsonNode text : texts) {
      if (!text.isTextual()) {
        throw new InvalidInputException("'claims' must be text or a list of texts");
      }
      Sentences.of(text.textValue()).forEach(sentence -> claims.add(new Claim(sentence, null)));
    }
    if (!claims.isEmpty()) {
      return claims;
    }
    for (Finding finding : Finding.list(input)) {
      claims.add(new Claim(Sentences.of(finding.passage()).getFirst(), finding.source()));
    }
    return claims;
  }

  private static ObjectNode output(List<Check> checks) {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    ObjectNode output = Json.object();
    ArrayNode list = output.putArray("checks");
    for (Check check : checks) {
      counts.merge(check.verdict(), 1, Integer::sum);
      ObjectNode entry = list.addObject();
      entry.put("claim", check.claim()).put("verdict", check.verdict().word);
      entry.put("coverage", Json.rounded(check.coverage())).put("reason", check.reason());
      Statement evidence = check.evidence();
      if (evidence != null) {
        entry
            .putObject("evidence")
            .put("source", evidence.passage().source())
            .put("title", evidence.passage().title())
            .put("sentence", evidence.text());
      }
    }
    for (Verdict verdict : Verdict.values()) {
      output.put(verdict.word, counts.getOrDefault(verdict, 0));
    }
    return output;
  }

  private static double confidence(List<Check> checks) {
    double sum = 0;
    for (Check check : checks) {
      sum += check.verdict() == Verdict.UNSUPPORTED ? 1 - check.coverage() : check.coverage();
    }
    return sum / checks.size();
  }
}
