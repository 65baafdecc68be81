package io.ligature.example;

/** The input is not what the agent can work on; the message names the field. */
final class InvalidInputException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String problem;

  InvalidInputException(String problem) {
    super(problem);
    this.problem = problem;
  }

  String problem() {
    return problem;
  }
}
