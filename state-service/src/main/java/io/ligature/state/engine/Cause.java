package io.ligature.state.engine;

import java.time.Instant;

/**
 * What a command goes back to, for the audit trail.
 *
 * @param at the command's "now"; the engine has no other
 * @param actor a person, {@code executor:…}, {@code router}, {@code timer} or {@code engine}
 * @param input name of the input's record, for example {@code TaskResult}; {@code Timer} for timers
 * @param inputId id of that input
 */
public record Cause(Instant at, String actor, String input, String inputId) {

  /** Input of what a parent's end asks of its child. */
  public static final String OF_PARENT = "ParentWorkflow";
}
