package io.ligature.example;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All agents by id; each is made only when it is wanted, for a script has no time to waste. */
final class Agents {

  /** How an agent is made; one that reads documents is not made without them. */
  private record Maker(boolean reads, Function<Documents, Agent> made) {}

  private static final Map<String, Maker> MAKERS = makers();

  private Agents() {}

  static List<String> ids() {
    return List.copyOf(MAKERS.keySet());
  }

  /**
   * @param documents null: there are none
   * @throws IllegalArgumentException when there is no such agent, or it needs documents
   */
  static Agent make(String id, @Nullable Documents documents) {
    Maker maker = MAKERS.get(id);
    if (maker == null) {
      throw new IllegalArgumentException("no agent '" + id + "'; there are " + ids());
    }
    if (maker.reads && documents == null) {
      throw new IllegalArgumentException("--documents says where the documents are");
    }
    return maker.made.apply(documents == null ? Documents.of(List.of()) : documents);
  }

  /** All agents; without documents, those that read none. */
  static List<Agent> all(@Nullable Documents documents) {
    return MAKERS.entrySet().stream()
        .filter(maker -> documents != null || !maker.getValue().reads)
        .map(maker -> make(maker.getKey(), documents))
        .toList();
  }

  private static Map<String, Maker> makers() {
    Map<String, Maker> makers = new LinkedHashMap<>();
    makers.put("search-keyword", new Maker(true, KeywordSearch::new));
    makers.put("search-bm25", new Maker(true, Bm25Search::new));
    makers.put("summarise-lead", new Maker(false, _ -> new LeadSummary()));
    makers.put("summarise-rank", new Maker(false, _ -> new RankSummary()));
    makers.put("check-overlap", new Maker(true, OverlapCheck::new));
    makers.put("check-evidence", new Maker(true, EvidenceCheck::new));
    makers.put("write-plain", new Maker(false, _ -> new PlainWriter()));
    makers.put("write-report", new Maker(false, _ -> new ReportWriter()));
    makers.put("simulate-work", new Maker(false, _ -> new SimulatedWork()));
    return makers;
  }
}
