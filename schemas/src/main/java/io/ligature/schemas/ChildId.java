package io.ligature.schemas;

import java.util.Optional;

/**
 * Names a child workflow: {@code {parent id}:{task path}:{attempt}}.
 *
 * <p>It is a function of what it names, so that a replayed decision starts the same child again.
 * The id of a workflow that a user starts has no {@code ':'}, hence every id tells its root.
 *
 * @param parent id of the workflow whose task it does the work of; may be a child's itself
 * @param task path of that task, with iterations and items
 * @param attempt from 1
 */
public record ChildId(String parent, String task, int attempt) {

  private static final char BETWEEN = ':';

  public ChildId {
    if (parent.isEmpty() || task.isEmpty() || task.indexOf(BETWEEN) >= 0 || attempt < 1) {
      throw new IllegalArgumentException(
          "not a child workflow: '" + parent + ":" + task + ":" + attempt + "'");
    }
  }

  /** Empty when the id is not one of a child. */
  public static Optional<ChildId> parse(String workflowId) {
    int last = workflowId.lastIndexOf(BETWEEN);
    int middle = workflowId.lastIndexOf(BETWEEN, last - 1);
    if (middle < 1 || last == middle + 1) {
      return Optional.empty();
    }
    try {
      int attempt = Integer.parseInt(workflowId, last + 1, workflowId.length(), 10);
      return attempt < 1
          ? Optional.empty()
          : Optional.of(
              new ChildId(
                  workflowId.substring(0, middle),
                  workflowId.substring(middle + 1, last),
                  attempt));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Id of the outermost workflow of the tree: the key of every record about it. */
  public static String rootOf(String workflowId) {
    int first = workflowId.indexOf(BETWEEN);
    return first < 0 ? workflowId : workflowId.substring(0, first);
  }

  /** 1 for a child of the root. */
  public int depth() {
    return parse(parent).map(outer -> outer.depth() + 1).orElse(1);
  }

  @Override
  public String toString() {
    return parent + BETWEEN + task + BETWEEN + attempt;
  }
}
