package io.ligature.router.routing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one decision with what was found about each, side by side in arrays that are used
 * for the next decision again: a thousand candidates cost no object each.
 */
final class Contest {

  private Offers offers = Offers.NONE;
  private @Nullable Filter[] dropped = {};
  private double[] scores = {};
  private long[] ranks = {};

  /** Forgets the decision before. */
  void begin(Offers among) {
    offers = among;
    if (dropped.length < among.size()) {
      dropped = new Filter[among.size() * 2];
      scores = new double[among.size() * 2];
      ranks = new long[among.size() * 2];
    } else {
      Arrays.fill(dropped, 0, among.size(), null);
    }
  }

  int size() {
    return offers.size();
  }

  int groups() {
    return offers.groups();
  }

  Offer offer(int index) {
    return offers.get(index);
  }

  void drop(int index, Filter by) {
    dropped[index] = by;
  }

  /** Of one that was not dropped. */
  void score(int index, double score) {
    scores[index] = score;
  }

  void rank(int index, long rank) {
    ranks[index] = rank;
  }

  /** Lower comes first, whatever the scores. */
  long rank(int index) {
    return ranks[index];
  }

  /** Null: it was scored. */
  @Nullable Filter droppedBy(int index) {
    return dropped[index];
  }

  boolean scored(int index) {
    return dropped[index] == null;
  }

  /** Micros, lower is better; of no meaning when it was dropped. */
  double score(int index) {
    return scores[index];
  }
}
