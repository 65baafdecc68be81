package io.ligature.schemas.definition;

import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.AskForReview;
import io.ligature.schemas.definition.TaskDefinition.Backoff;
import io.ligature.schemas.definition.TaskDefinition.Fail;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.time.Duration;
import java.util.List;

/** What is done about each kind of error unless a task says otherwise. */
public final class DefaultLadders {

  public static final Backoff EXPONENTIAL =
      new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60));
  public static final Backoff FIXED = new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1));
  public static final Backoff AT_ONCE = new Backoff(Duration.ZERO, 1, Duration.ZERO);

  /** Who looks at results that nothing more is said about. */
  public static final ReviewRule REVIEWER = new ReviewRule("reviewer", 1, false, true);

  private DefaultLadders() {}

  public static List<Step> of(ErrorKind kind) {
    return switch (kind) {
      case RATE_LIMITED -> List.of(retry(5, EXPONENTIAL, AgentChoice.ANY), new Fail());
      case UPSTREAM_UNAVAILABLE ->
          List.of(
              retry(1, EXPONENTIAL, AgentChoice.ANY),
              retry(3, EXPONENTIAL, AgentChoice.DIFFERENT),
              new Fail());
      case MODEL_ERROR ->
          List.of(
              retry(1, EXPONENTIAL, AgentChoice.ANY),
              retry(2, EXPONENTIAL, AgentChoice.DIFFERENT),
              new Fail());
      case TIMEOUT ->
          List.of(
              retry(1, AT_ONCE, AgentChoice.DIFFERENT),
              retry(1, AT_ONCE, AgentChoice.ANY),
              new Fail());
      case AGENT_CRASH -> List.of(retry(2, FIXED, AgentChoice.ANY), new Fail());
      case SCHEMA_MISMATCH, REJECTED_BY_VALIDATOR ->
          List.of(
              retry(1, AT_ONCE, AgentChoice.SAME),
              retry(1, AT_ONCE, AgentChoice.DIFFERENT),
              new Fail());
      case CONTEXT_OVERFLOW -> List.of(retry(2, AT_ONCE, AgentChoice.DIFFERENT), new Fail());
      case LOW_CONFIDENCE ->
          List.of(retry(1, AT_ONCE, AgentChoice.DIFFERENT), new AskForReview(REVIEWER));
      case REJECTED_BY_REVIEWER,
          BUDGET_EXCEEDED,
          NO_AGENT,
          INVALID_INPUT,
          AUTH,
          POLICY_BLOCK,
          CANCELLED,
          LIMIT_EXCEEDED ->
          List.of(new Fail());
    };
  }

  private static Retry retry(int max, Backoff backoff, AgentChoice agent) {
    return new Retry(max, backoff, agent);
  }
}
