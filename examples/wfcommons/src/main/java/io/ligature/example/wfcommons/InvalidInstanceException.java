package io.ligature.example.wfcommons;

import java.util.List;

/** An instance cannot be converted; the message has a line for each thing that is wrong. */
final class InvalidInstanceException extends Exception {

  /** Problems told of one instance; a broken generator makes thousands of the same kind. */
  static final int MOST_TOLD = 20;

  private static final long serialVersionUID = 1;

  InvalidInstanceException(String problem) {
    super(problem);
  }

  InvalidInstanceException(List<String> problems) {
    super(text(problems));
  }

  private static String text(List<String> problems) {
    String told = String.join("\n", problems.subList(0, Math.min(problems.size(), MOST_TOLD)));
    return problems.size() <= MOST_TOLD
        ? told
        : told + "\nand " + (problems.size() - MOST_TOLD) + " more";
  }
}
