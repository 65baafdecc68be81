package io.ligature.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A graph of no-op tasks of random shape; the same seed makes the same one. Tasks come in levels of
 * random width; each needs one to three tasks, mostly of the level before, now and then older ones.
 *
 * @param tasks how many
 * @param seed of all that is random
 */
record RandomDag(int tasks, long seed) {

  private static final int MOST_NEEDS = 3;

  /** Of so many needs, about one reaches behind the level before. */
  private static final int ONE_OLDER_OF = 10;

  RandomDag {
    if (tasks < 1) {
      throw new IllegalArgumentException("a graph has at least 1 task, not " + tasks);
    }
  }

  /** What each task needs: numbers of tasks before it. */
  List<Set<Integer>> needs() {
    Random random = new Random(seed);
    List<Set<Integer>> needs = new ArrayList<>();
    int widest = Math.max(1, (int) (2 * Math.sqrt(tasks)));
    int before = 0;
    while (needs.size() < tasks) {
      int begin = needs.size();
      int end = Math.min(tasks, begin + 1 + random.nextInt(widest));
      for (int task = begin; task < end; task++) {
        needs.add(begin == 0 ? Set.of() : some(random, before, begin));
      }
      before = begin;
    }
    return needs;
  }

  private static Set<Integer> some(Random random, int before, int begin) {
    Set<Integer> some = new TreeSet<>();
    for (int n = 1 + random.nextInt(MOST_NEEDS); n > 0; n--) {
      boolean older = random.nextInt(ONE_OLDER_OF) == 0;
      some.add(older ? random.nextInt(begin) : before + random.nextInt(begin - before));
    }
    return some;
  }

  /** As short as JSON can be: the text travels with the start. Each task works on the input. */
  String definition(String name) {
    List<Set<Integer>> needs = needs();
    StringBuilder text = new StringBuilder("{\"name\":\"" + name + "\",\"tasks\":{");
    for (int task = 0; task < tasks; task++) {
      text.append(task == 0 ? "\n" : ",\n")
          .append("\"t")
          .append(task)
          .append("\":{\"capability\":\"bench.noop\"");
      if (!needs.get(task).isEmpty()) {
        text.append(",\"needs\":[\"t")
            .append(
                needs.get(task).stream().map(String::valueOf).collect(Collectors.joining("\",\"t")))
            .append("\"]");
      }
      text.append('}');
    }
    return text.append("}}\n").toString();
  }
}
