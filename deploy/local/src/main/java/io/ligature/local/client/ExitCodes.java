package io.ligature.local.client;

/** What the process's exit code tells. */
final class ExitCodes {

  static final int OK = 0;

  /**
   * What was asked for did not work: a workflow failed, a file is not valid, a call was refused.
   */
  static final int FAILED = 1;

  /** The command line is wrong, or nothing is running. */
  static final int USAGE = 2;

  private ExitCodes() {}
}
