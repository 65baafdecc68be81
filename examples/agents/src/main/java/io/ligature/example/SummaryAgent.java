package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code text.summarise}: picks the sentences of the findings that stand for the whole, each with
 * its source.
 *
 * <p>Its confidence is the share of the findings from which it took a sentence: what it leaves out
 * it cannot stand for.
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
    return new Answer(output, represented(findings, chosen));
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

  private static double represented(List<Finding> findings, List<Sentence> chosen) {
    Set<Finding> spokenFor = new HashSet<>();
    chosen.forEach(sentence -> spokenFor.add(sentence.finding()));
    return (double) spokenFor.size() / new HashSet<>(findings).size();
  }
}
