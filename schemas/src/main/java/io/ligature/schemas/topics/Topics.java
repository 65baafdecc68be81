package io.ligature.schemas.topics;

/**
 * The names of all topics under one prefix.
 *
 * @param prefix setting {@code ligature.topics.prefix}; {@code ligature} unless told otherwise
 */
public record Topics(String prefix) {

  public static final String DEFAULT_POOL = "default";

  public Topics {
    if (!prefix.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "ligature.topics.prefix: '"
              + prefix
              + "' is not a topic prefix; use letters, digits, '.', '_' and '-', at most 100");
    }
  }

  public String starts() {
    return prefix + ".starts";
  }

  public String inbox() {
    return prefix + ".inbox";
  }

  public String tasksReady() {
    return prefix + ".tasks.ready";
  }

  /** The default pool has the plain name; every other pool has its own topic. */
  public String tasksAssigned(String pool) {
    String plain = prefix + ".tasks.assigned";
    return pool.equals(DEFAULT_POOL) ? plain : plain + "." + pool;
  }

  /** Pieces of answers that are still being written, for people who watch. */
  public String tasksPartial() {
    return prefix + ".tasks.partial";
  }

  public String tasksCancelled() {
    return prefix + ".tasks.cancelled";
  }

  public String reviewsNeeded() {
    return prefix + ".reviews.needed";
  }

  /** Reviewers' actions on their way to the one writer of each review. */
  public String reviewsCommands() {
    return prefix + ".reviews.commands";
  }

  public String reviewsDecided() {
    return prefix + ".reviews.decided";
  }

  /** What happened to each review, and what came of each command. */
  public String reviewsTrail() {
    return prefix + ".reviews.trail";
  }

  public String definitions() {
    return prefix + ".definitions";
  }

  public String agents() {
    return prefix + ".agents";
  }

  public String agentsStatus() {
    return prefix + ".agents.status";
  }

  /** What the events tell of how agents do, by agent, capability and partition. */
  public String agentsStatistics() {
    return prefix + ".agents.statistics";
  }

  /** What routers tell one another. */
  public String routers() {
    return prefix + ".routers";
  }

  public String events() {
    return prefix + ".events";
  }

  public String deadLetters() {
    return prefix + ".dead-letters";
  }
}
