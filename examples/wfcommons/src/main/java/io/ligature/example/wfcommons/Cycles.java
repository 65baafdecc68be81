package io.ligature.example.wfcommons;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds a cycle in a graph of any depth: takes away what has no parent left, then walks the rest.
 */
final class Cycles {

  private Cycles() {}

  /**
   * One cycle from a node back to itself, along the edges from parent to child; empty when there is
   * none.
   *
   * @param parents of each node; all of them are nodes too
   */
  static Optional<List<String>> find(Map<String, Set<String>> parents) {
    Map<String, Integer> open = new LinkedHashMap<>();
    Map<String, List<String>> children = new HashMap<>();
    Deque<String> free = new ArrayDeque<>();
    parents.forEach(
        (node, of) -> {
          open.put(node, of.size());
          of.forEach(parent -> children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(node));
          if (of.isEmpty()) {
            free.add(node);
          }
        });
    while (!free.isEmpty()) {
      String node = free.remove();
      open.remove(node);
      for (String child : children.getOrDefault(node, List.of())) {
        if (open.merge(child, -1, Integer::sum) == 0) {
          free.add(child);
        }
      }
    }
    return open.isEmpty() ? Optional.empty() : Optional.of(walk(open.keySet(), parents));
  }

  /** Every node that is left has a parent that is left, so the walk comes back to where it was. */
  private static List<String> walk(Set<String> left, Map<String, Set<String>> parents) {
    List<String> path = new ArrayList<>();
    Map<String, Integer> at = new HashMap<>();
    String node = left.iterator().next();
    while (!at.containsKey(node)) {
      at.put(node, path.size());
      path.add(node);
      node =
          parents.getOrDefault(node, Set.of()).stream()
              .filter(left::contains)
              .findFirst()
              .orElseThrow();
    }
    List<String> cycle = new ArrayList<>(path.subList(at.get(node), path.size()));
    cycle.add(node);
    Collections.reverse(cycle);
    return cycle;
  }
}
