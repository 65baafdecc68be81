package io.ligature.schemas.definition;

import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of a definition.
 *
 * @param when runs only where this is true; null: always
 * @param onError the ladders the task has of its own; a kind that is not named has its default one
 * @param priority 0 to 9; null: the workflow's
 */
public record TaskDefinition(
    String name,
    Action action,
    Needs needs,
    @Nullable Expression when,
    Map<ErrorKind, List<Step>> onError,
    @Nullable Integer priority) {

  /** What a task does. */
  public sealed interface Action {}

  /** An agent's work. */
  public record AgentWork(String capability, Template input, Limits limits) implements Action {}

  /**
   * A gate: people approve its subject, and the approved (perhaps edited) subject is its output.
   *
   * @param subject null: the output of the one predecessor, or of several an object by their names
   * @param expireAfter ends the wait with a rejection; null: waits as long as the workflow
   */
  public record ReviewGate(
      ReviewRule rule, @Nullable Template subject, @Nullable Duration expireAfter)
      implements Action {}

  /** Who may decide and how. */
  public record ReviewRule(String role, int quorum, boolean fourEyes, boolean edit) {}

  /**
   * @param maxCost null: no limit, and nothing is held
   * @param timeout of one call
   * @param qualityThreshold least confidence, 0 to 1; null: any
   */
  public record Limits(
      @Nullable Money maxCost, Duration timeout, @Nullable Double qualityThreshold) {}

  /** Which predecessors must have ended, and how many of them well. */
  public record Needs(Join join, int atLeast, List<String> tasks) {

    public static final Needs NONE = new Needs(Join.ALL, 0, List.of());

    /** How many of the named tasks must succeed. */
    public enum Join {
      ALL,
      ANY,
      AT_LEAST
    }
  }

  /** One rung of an error ladder. */
  public sealed interface Step {}

  /**
   * @param max attempts this rung may add
   * @param agent whether the next attempt may go to the same agent
   */
  public record Retry(int max, Backoff backoff, AgentChoice agent) implements Step {}

  /** Ask people to accept, edit or reject what there is. */
  public record AskForReview(ReviewRule rule) implements Step {}

  /** The task fails. */
  public record Fail() implements Step {}

  /** The task counts as skipped, and the workflow goes on. */
  public record Skip() implements Step {}

  /** Whether another attempt may go to the agent of the last one. */
  public enum AgentChoice {
    ANY,
    DIFFERENT
  }

  /** The wait before attempt n of a rung is {@code min(most, initial * factor^(n-1))}. */
  public record Backoff(Duration initial, double factor, Duration most) {}
}
