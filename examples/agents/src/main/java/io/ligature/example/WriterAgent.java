package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code document.write}: a Markdown report of a summary and the checked claims, with its sources.
 *
 * <p>Its confidence is the share of what the report says, sentences and checked claims, for which
 * the reader is led to a source. A sentence that a reviewer wrote has none.
 */
abstract class WriterAgent implements Agent {

  /** One sentence of the summary; null when it has no known source. */
  record Said(String text, @Nullable Integer source) {}

  /** One checked claim; its evidence is null when there is none. */
  record Checked(
      String claim, String verdict, @Nullable Integer source, @Nullable String evidence) {}

  /** Everything a report is made of; sources by file name, numbered from 1 in this order. */
  record Material(
      String topic, List<Said> summary, List<Checked> checks, Map<String, String> sources) {}

  abstract String markdown(Material material);

  /** Whether the reader sees which source stands behind a statement, or just a list of sources. */
  abstract boolean citesEachStatement();

  @Override
  public final String capability() {
    return "document.write";
  }

  @Override
  public final Answer answer(JsonNode input) throws InvalidInputException {
    Material material = material(input);
    String markdown = markdown(material);
    ObjectNode output = Json.object();
    output.put("title", material.topic());
    output.put("markdown", markdown);
    output.put("words", markdown.strip().split("\\s+").length);
    ArrayNode sources = output.putArray("sources");
    material
        .sources()
        .forEach((source, title) -> sources.addObject().put("source", source).put("title", title));
    return new Answer(output, shareSourced(material));
  }

  private static Material material(JsonNode input) throws InvalidInputException {
    String topic = Json.text(input, "topic");
    JsonNode summary = input.path("summary");
    if (!summary.isObject()) {
      throw new InvalidInputException("'summary' must be an object as text.summarise makes it");
    }
    Map<String, String> sources = new LinkedHashMap<>();
    Map<String, String> sourceOf = new LinkedHashMap<>();
    for (JsonNode sentence : Json.list(summary, "sentences")) {
      String source = Json.text(sentence, "source");
      String title = Json.optionalText(sentence, "title");
      sources.putIfAbsent(source, title == null ? source : title);
      sourceOf.put(Json.text(sentence, "text"), source);
    }
    List<Said> said = new ArrayList<>();
    for (String sentence : Sentences.of(Json.text(summary, "summary"))) {
      said.add(new Said(sentence, number(sources, sourceOf.get(sentence))));
    }
    List<Checked> checks = new ArrayList<>();
    for (JsonNode check : Json.list(input.path("checks"), "checks")) {
      checks.add(checked(check, sources));
    }
    return new Material(topic, said, checks, sources);
  }

  private static Checked checked(JsonNode check, Map<String, String> sources)
      throws InvalidInputException {
    String claim = Json.text(check, "claim");
    String verdict = Json.text(check, "verdict");
    JsonNode evidence = check.path("evidence");
    if (!evidence.isObject()) {
      return new Checked(claim, verdict, null, null);
    }
    String source = Json.text(evidence, "source");
    String title = Json.optionalText(evidence, "title");
    sources.putIfAbsent(source, title == null ? source : title);
    return new Checked(
        claim, verdict, number(sources, source), Json.optionalText(evidence, "sentence"));
  }

  private static @Nullable Integer number(Map<String, String> sources, @Nullable String source) {
    int at = source == null ? -1 : List.copyOf(sources.keySet()).indexOf(source);
    return at < 0 ? null : at + 1;
  }

  private double shareSourced(Material material) {
    int said = material.summary().size() + material.checks().size();
    long sourced =
        material.summary().stream().filter(entry -> entry.source() != null).count()
            + material.checks().stream().filter(entry -> entry.source() != null).count();
    // A claim without any source in the documents is told as such, which is as good as a source.
    long toldApart =
        material.checks().stream()
            .filter(entry -> entry.source() == null && entry.verdict().equals("unsupported"))
            .count();
    double share = (double) (sourced + toldApart) / said;
    return citesEachStatement() ? share : share / 2;
  }
}
