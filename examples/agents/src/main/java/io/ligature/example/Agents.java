package io.ligature.example;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All agents by id; each is made only when it is wanted, for a script has no time to waste. */
final class Agents {

  private static final Map<String, Function<Documents, Agent>> MAKERS = makers();

  private Agents() {}

  static List<String> ids() {
    return List.copyOf(MAKERS.keySet());
  }

  /**
   * @throws IllegalArgumentException when there is no such agent
   */
  static Agent make(String id, Documents documents) {
    Function<Documents, Agent> maker = MAKERS.get(id);
    if (maker == null) {
      throw new IllegalArgumentException("no agent '" + id + "'; there are " + ids());
    }
    return maker.apply(documents);
  }

  static List<Agent> all(Documents documents) {
    return MAKERS.values().stream().map(maker -> maker.apply(documents)).toList();
  }

  private static Map<String, Function<Documents, Agent>> makers() {
    Map<String, Function<Documents, Agent>> makers = new LinkedHashMap<>();
    makers.put("search-keyword", KeywordSearch::new);
    makers.put("search-bm25", Bm25Search::new);
    makers.put("summarise-lead", documents -> new LeadSummary());
    makers.put("summarise-rank", documents -> new RankSummary());
    makers.put("check-overlap", OverlapCheck::new);
    makers.put("check-evidence", EvidenceCheck::new);
    makers.put("write-plain", documents -> new PlainWriter());
    makers.put("write-report", documents -> new ReportWriter());
    return makers;
  }
}
