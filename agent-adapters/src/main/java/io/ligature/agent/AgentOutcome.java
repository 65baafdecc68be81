package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import org.jspecify.annotations.Nullable;

/** How one call ended. */
public sealed interface AgentOutcome {

  CallMetadata metadata();

  /** The agent did what it was asked for. */
  record Success(JsonNode output, CallMetadata metadata) implements AgentOutcome {}

  /**
   * The agent wants a person to look at its output.
   *
   * @param reason in the agent's words; null when it gave none
   */
  record NeedsReview(JsonNode output, CallMetadata metadata, @Nullable String reason)
      implements AgentOutcome {}

  /**
   * A person must do it: the task becomes a form in the review inbox, and what the person enters is
   * the output.
   *
   * @param instructions what to do, for the person
   * @param role who does it, as the agent's settings say; null leaves it to the definition
   */
  record ByHand(String instructions, @Nullable String role, CallMetadata metadata)
      implements AgentOutcome {}

  /** No usable output. */
  record Failed(CallFailure failure, CallMetadata metadata) implements AgentOutcome {}

  static AgentOutcome failed(CallFailure failure) {
    return new Failed(failure, CallMetadata.UNKNOWN);
  }

  /** Failed before the agent was reached. */
  static AgentOutcome unbilled(ErrorKind kind, String message) {
    return failed(CallFailure.unbilled(kind, message));
  }

  /** Failed when the agent may have begun to work. */
  static AgentOutcome possiblyBilled(ErrorKind kind, String message) {
    return failed(CallFailure.possiblyBilled(kind, message));
  }
}
