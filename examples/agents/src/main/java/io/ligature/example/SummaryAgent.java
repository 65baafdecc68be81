package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code text.summarise}: picks the sentences of the findings that stand for the whole, each with
 * its source.
 *
 * <p>Its confidence is the share of the recurring words, those of more than one sentence weighted
 * by how many sentences have them, that the summary keeps.
 */
abstract class SummaryAgent implements Agent {

  /** One sentence of a finding. */
  record Sentence(String text, Finding finding, Set<String> words) {}

  /** In the order of the findings; at most {@code count}. */
  abstract List<Sentence> choose(List<Sentence> sentences, Set<String> topic, int count);

  @Override
  public final String capability() {
    return "text.summarise";
  }

  @Override
  public final Answer answer(JsonNode input) throws InvalidInputException {
    List<Finding> findings = Finding.list(input);
    if (findings.isEmpty()) {
      throw new InvalidInputException("'findings' is empty: there is nothing to summarise");
    }
    String topic = Json.optionalText(input, "topic");
    int count = Json.number(input, "sentences", 6, 1, 50);
    List<Sentence> sentences = sentences(findings);
    Set<String> topicWords = new HashSet<>(Words.stemmed(topic == null ? "" : topic));
    List<Sentence> chosen = choose(sentences, topicWords, count);

    ObjectNode output = Json.object();
    output.put("summary", String.join(" ", chosen.stream().map(Sentence::text).toList()));
    ArrayNode list = output.putArray("sentences");
    for (Sentence sentence : chosen) {
      list.addObject()
          .put("text", sentence.text())
          .put("source", sentence.finding().source())
          .put("title", sentence.finding().title());
    }
    return new Answer(output, kept(sentences, chosen));
  }

  private static List<Sentence> sentences(List<Finding> findings) {
    List<Sentence> sentences = new ArrayList<>();
    for (Finding finding : findings) {
      for (String text : Sentences.of(finding.passage())) {
        sentences.add(new Sentence(text, finding, new HashSet<>(Words.stemmed(text))));
      }
    }
    return sentences;
  }

  private static double kept(List<Sentence> all, List<Sentence> chosen) {
    Map<String, Integer> weights = new HashMap<>();
    all.forEach(sentence -> sentence.words().forEach(word -> weights.merge(word, 1, Integer::sum)));
    weights.values().removeIf(weight -> weight < 2);
    if (weights.isEmpty()) {
      return (double) chosen.size() / all.size();
    }
    Set<String> keptWords = new HashSet<>();
    chosen.forEach(sentence -> keptWords.addAll(sentence.words()));
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    int kept = keptWords.stream().mapToInt(word -> weights.getOrDefault(word, 0)).sum();
    return (double) kept / total;
  }
}
