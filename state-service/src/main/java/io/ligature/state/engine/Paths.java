package io.ligature.state.engine;

/**
 * Task paths: {@code block.member}, {@code fan[7]} (items, and branches of a choice), {@code
 * draft~2} (iterations, from 1), {@code charge!} (a compensation), {@code draft!check2} (the critic
 * of what attempt 2 made). The root is the empty path.
 */
final class Paths {

  static final String ROOT = "";

  private static final String CHECK = "check";

  private Paths() {}

  static String member(String block, String name) {
    return block.isEmpty() ? name : block + "." + name;
  }

  static String indexed(String path, int index) {
    return path + "[" + index + "]";
  }

  static String iteration(String path, int number) {
    return path + "~" + number;
  }

  static String undo(String path) {
    return path + "!";
  }

  /** The critic of one attempt's result; another result has another, so no verdict goes astray. */
  static String check(String path, int attempt) {
    return undo(path) + CHECK + attempt;
  }

  /**
   * @param rest of a path behind its {@code !}
   */
  static boolean isCheck(String rest) {
    return rest.length() > CHECK.length()
        && rest.startsWith(CHECK)
        && rest.charAt(CHECK.length()) != '0'
        && rest.chars().skip(CHECK.length()).allMatch(c -> c >= '0' && c <= '9');
  }

  /** The task that this one is inside of; of a root task the root. */
  static String parent(String path) {
    int at = lastStep(path);
    return at <= 0 ? ROOT : path.substring(0, at);
  }

  /** The number of an item, branch or iteration. */
  static int number(String path) {
    int from = lastStep(path) + 1;
    int to = path.endsWith("]") ? path.length() - 1 : path.length();
    return Integer.parseInt(path, from, to, 10);
  }

  /** Where the last step of a path begins, at its separator; -1 in a root task's path. */
  static int lastStep(String path) {
    for (int i = path.length() - 1; i >= 0; i--) {
      if (isSeparator(path.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  static boolean isSeparator(char c) {
    return c == '.' || c == '[' || c == '~' || c == '!';
  }
}
