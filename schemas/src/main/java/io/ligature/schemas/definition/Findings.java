package io.ligature.schemas.definition;

import java.util.List;

/** Takes the problems that are found in a document. */
record Findings(LocatedDocument document, List<Problem> problems) {

  /**
   * @param pointer to what is wrong
   */
  void add(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
