package io.ligature.example;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Takes the first sentences as they come, as news desks do: cheap, and blind to what follows. */
final class LeadSummary extends SummaryAgent {

  @Override
  public String id() {
    return "summarise-lead";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.002");
  }

  @Override
  List<Sentence> choose(List<Sentence> sentences, Set<String> topic, int count) {
    return sentences.stream().limit(count).toList();
  }
}
