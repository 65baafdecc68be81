package io.ligature.example;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * TextRank: a sentence matters when sentences that matter share words with it.
 *
 * <p>After R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts" (2004). The walk jumps
 * to sentences that share words with the topic more often than to others. A sentence that mostly
 * repeats a chosen one is passed over.
 */
final class RankSummary extends SummaryAgent {

  private static final double DAMPING = 0.85;
  private static final int ROUNDS = 40;
  private static final double MOST_REPEATED = 0.6;

  /** The work grows with the square of this; later sentences are left out. */
  static final int MOST_SENTENCES = 600;

  @Override
  public String id() {
    return "summarise-rank";
  }

  @Override
  public BigDecimal price() {
    return new BigDecimal("0.010");
  }

  @Override
  List<Sentence> choose(List<Sentence> all, Set<String> topic, int count) {
    List<Sentence> sentences = all.subList(0, Math.min(all.size(), MOST_SENTENCES));
    double[] rank = rank(sentences, topic);
    List<Integer> order =
        IntStream.range(0, sentences.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> rank[i]).reversed())
            .toList();
    List<Integer> chosen = new ArrayList<>();
    for (int candidate : order) {
      if (chosen.size() < count && isNew(sentences, chosen, candidate)) {
        chosen.add(candidate);
      }
    }
    return chosen.stream().sorted().map(sentences::get).toList();
  }

  private static double[] rank(List<Sentence> sentences, Set<String> topic) {
    int n = sentences.size();
    double[][] weight = new double[n][n];
    double[] outgoing = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        weight[i][j] = i == j ? 0 : similarity(sentences.get(i), sentences.get(j));
        outgoing[i] += weight[i][j];
      }
    }
    double[] jump = jump(sentences, topic);
    double[] rank = jump.clone();
    for (int round = 0; round < ROUNDS; round++) {
      double[] next = new double[n];
      Arrays.setAll(next, i -> (1 - DAMPING) * jump[i]);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n && outgoing[i] > 0; j++) {
          next[j] += DAMPING * rank[i] * weight[i][j] / outgoing[i];
        }
      }
      rank = next;
    }
    return rank;
  }

  private static double[] jump(List<Sentence> sentences, Set<String> topic) {
    double[] jump = new double[sentences.size()];
    Arrays.setAll(jump, i -> 1 + common(sentences.get(i).words(), topic));
    double total = Arrays.stream(jump).sum();
    Arrays.setAll(jump, i -> jump[i] / total);
    return jump;
  }

  private static double similarity(Sentence one, Sentence other) {
    if (one.words().size() < 2 || other.words().size() < 2) {
      return 0;
    }
    return common(one.words(), other.words())
        / (Math.log(one.words().size()) + Math.log(other.words().size()));
  }

  private static boolean isNew(List<Sentence> sentences, List<Integer> chosen, int candidate) {
    Set<String> words = sentences.get(candidate).words();
    for (int earlier : chosen) {
      Set<String> union = new HashSet<>(words);
      union.addAll(sentences.get(earlier).words());
      double repeated = common(words, sentences.get(earlier).words());
      if (!union.isEmpty() && repeated / union.size() > MOST_REPEATED) {
        return false;
      }
    }
    return true;
  }

  private static double common(Set<String> one, Set<String> other) {
    return one.stream().filter(other::contains).count();
  }
}
