package io.ligature.example;

import io.ligature.example.Documents.Passage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Okapi BM25 over stemmed words: rare words count more, long passages less.
 *
 * <p>After S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
 * (2009), with k1 = 1.2, b = 0.75, and the logarithm's argument raised by one so that no word
 * counts against a passage. The title's words count as part of each passage.
 */
final class Bm25Search extends SearchAgent {

  private static final double K1 = 1.2;
  private static final double B = 0.75;

  private record Indexed(Passage passage, Map<String, Integer> counts, int length) {}

  private final List<Indexed> index = new ArrayList<>();
  private final Map<String, Integer> passagesWith = new HashMap<>();
  private final double meanLength;

  Bm25Search(Documents documents) {
    super(Words::stemmed);
    for (Passage passage : documents.passages()) {
      List<String> words = Words.stemmed(passage.title() + ". " + passage.text());
      Map<String, Integer> counts = new HashMap<>();
      words.forEach(word -> counts.merge(word, 1, Integer::sum));
      counts.keySet().forEach(word -> passagesWith.merge(word, 1, Integer::sum));
      index.add(new Indexed(passage, counts, words.size()));
    }
    meanLength = index.stream().mapToInt(Indexed::length).average().orElse(1);
  }

  @Override
  public String id() {
    return "search-bm25";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.020");
  }

  @Override
  Collection<Hit> hits(Set<String> query) {
    List<Hit> hits = new ArrayList<>();
    for (Indexed entry : index) {
      double score = 0;
      for (String word : query) {
        score += inverseFrequency(word) * saturation(entry, word);
      }
      hits.add(new Hit(entry.passage(), score));
    }
    return hits;
  }

  @Override
  int passageCount() {
    return index.size();
  }

  private double inverseFrequency(String word) {
    int with = passagesWith.getOrDefault(word, 0);
    return Math.log(1 + (index.size() - with + 0.5) / (with + 0.5));
  }

  private double saturation(Indexed entry, String word) {
    int count = entry.counts().getOrDefault(word, 0);
    return count * (K1 + 1) / (count + K1 * (1 - B + B * entry.length() / meanLength));
  }
}
