package io.ligature.router.contract;

/**
 * Why an agent cannot take part in a capability that another one has.
 *
 * @param agent the other one
 * @param side {@code input} or {@code output}
 * @param pointer JSON pointer into the new agent's schema of that side
 * @param problem what does not fit
 * @param remedy what to do about it
 */
public record Clash(
    String capability, String agent, String side, String pointer, String problem, String remedy) {

  @Override
  public String toString() {
    return capability
        + ": "
        + side
        + "Schema"
        + pointer
        + ": "
        + problem
        + " (agent '"
        + agent
        + "'); "
        + remedy;
  }
}
