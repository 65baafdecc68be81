package io.ligature.example;

import io.ligature.example.Documents.Passage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts which of the topic's exact words a passage has: fast, cheap, and blind to plurals. */
final class KeywordSearch extends SearchAgent {

  private record Indexed(Passage passage, Set<String> words) {}

  private final List<Indexed> index = new ArrayList<>();

  KeywordSearch(Documents documents) {
    super(Words::plain);
    for (Passage passage : documents.passages()) {
      index.add(new Indexed(passage, new HashSet<>(Words.plain(passage.text()))));
    }
  }

  @Override
  public String id() {
    return "search-keyword";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.010");
  }

  @Override
  Collection<Hit> hits(Set<String> query) {
    List<Hit> hits = new ArrayList<>();
    for (Indexed entry : index) {
      long common = query.stream().filter(entry.words()::contains).count();
      hits.add(new Hit(entry.passage(), query.isEmpty() ? 0 : (double) common / query.size()));
    }
    return hits;
  }

  @Override
  int passageCount() {
    return index.size();
  }
}
