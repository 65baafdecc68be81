package io.ligature.agent;

import java.util.List;

/** The settings of a registration are not what its adapter takes. */
public final class InvalidSettingsException extends RuntimeException {

  private final transient List<String> problems;

  public InvalidSettingsException(String adapter, List<String> problems) {
    super("adapter " + adapter + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each wrong key. */
  public List<String> problems() {
    return problems;
  }
}
