package io.ligature.approval.stream;

/** The service cannot answer now; the message says why. */
public final class UnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String problem;

  UnavailableException(String problem) {
    super(problem);
    this.problem = problem;
  }

  public String problem() {
    return problem;
  }
}
