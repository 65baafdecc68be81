package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.example.Documents.Passage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code documents.search}: finds the passages that say most about a topic.
 *
 * <p>Its confidence is the share of the topic's words that occur in what it found, so a topic the
 * documents do not cover gives a low one.
 */
abstract class SearchAgent implements Agent {

  /** Most passages of one document, so that a report has several sources. */
  private static final int MOST_PER_DOCUMENT = 2;

  /** A passage and how well it fits; 0 does not fit at all. */
  record Hit(Passage passage, double score) {}

  private final Function<String, List<String>> words;

  SearchAgent(Function<String, List<String>> words) {
    this.words = words;
  }

  abstract Collection<Hit> hits(Set<String> query);

  abstract int passageCount();

  @Override
  public final String capability() {
    return "documents.search";
  }

  @Override
  public final Answer answer(JsonNode input) throws InvalidInputException {
    String topic = Json.text(input, "topic");
    int limit = Json.number(input, "limit", 6, 1, 50);
    Set<String> query = new HashSet<>(words.apply(topic));
    List<Hit> best = best(hits(query), limit);

    ObjectNode output = Json.object().put("topic", topic);
    ArrayNode findings = output.putArray("findings");
    for (Hit hit : best) {
      findings
          .addObject()
          .put("source", hit.passage().source())
          .put("title", hit.passage().title())
          .put("passage", hit.passage().text())
          .put("score", Json.rounded(hit.score()));
    }
    output.put("searched", passageCount());
    return new Answer(output, shareFound(query, best));
  }

  private static List<Hit> best(Collection<Hit> hits, int limit) {
    Map<String, Integer> perDocument = new HashMap<>();
    return hits.stream()
        .filter(hit -> hit.score() > 0)
        .sorted(
            Comparator.comparingDouble(Hit::score)
                .reversed()
                .thenComparing(hit -> hit.passage().source()))
        .filter(
            hit -> perDocument.merge(hit.passage().source(), 1, Integer::sum) <= MOST_PER_DOCUMENT)
        .limit(limit)
        .toList();
  }

  private double shareFound(Set<String> query, List<Hit> best) {
    if (query.isEmpty()) {
      return 0;
    }
    Set<String> found = new HashSet<>();
    for (Hit hit : best) {
      found.addAll(words.apply(hit.passage().text()));
    }
    return (double) query.stream().filter(found::contains).count() / query.size();
  }
}
