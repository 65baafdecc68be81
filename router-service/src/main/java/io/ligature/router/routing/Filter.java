package io.ligature.router.routing;

/** What can keep an agent from a task, in the order in which it is looked at. */
public enum Filter {
  /** The agent does not serve the task's tenant. */
  ACCESS("access"),
  /** The agent gets copies for comparison only. */
  SHADOW("shadow"),
  /** The input is larger than the agent's context window. */
  CONTEXT_WINDOW("context_window"),
  /** The agent finishes what it has and gets nothing new. */
  DRAINING("draining"),
  /** The agent has no share of its group's tasks. */
  WEIGHT("weight"),
  /** No executor of the agent's pool is alive. */
  HEALTH("health"),
  /** The agent, or its provider, asked for a pause. */
  COOLDOWN("cooldown"),
  /** Too many calls to the agent have failed. */
  BREAKER("breaker"),
  /** The quota has no room for the request in this minute. */
  RATE("rate"),
  /** The quota has as many calls as it takes. */
  CONCURRENCY("concurrency"),
  /** The agent's price is unknown and it does not allow that. */
  UNKNOWN_PRICE("unknown_price"),
  /** The agent is expected to cost more than the attempt may. */
  MAX_COST("max_cost"),
  /** The agent is expected to cost more than the workflow has left. */
  BUDGET("budget"),
  /** The task says that it must not get this attempt. */
  EXCLUDED("excluded"),
  /** The task names another agent. */
  PINNED("pinned"),
  /** An agent of a lower tier can take it in a moment. */
  FALLBACK_TIER("fallback_tier");

  private final String wireName;

  Filter(String wireName) {
    this.wireName = wireName;
  }

  /** The name in explanations and metrics. */
  public String wireName() {
    return wireName;
  }
}
