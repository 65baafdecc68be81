package io.ligature.state.engine;

/**
 * Names one of a workflow's payloads.
 *
 * @param task path of the task; empty for {@code INPUT} and {@code RESULT}
 */
public record Slot(Kind kind, String task) {

  /** What the payload is. */
  public enum Kind {
    /** The workflow's input. */
    INPUT,
    /** The workflow's output. */
    RESULT,
    /** A succeeded task's output. */
    OUTPUT,
    /** What a task made and nobody has accepted yet: a review's subject. */
    SUBJECT
  }

  public static final Slot INPUT = new Slot(Kind.INPUT, "");
  public static final Slot RESULT = new Slot(Kind.RESULT, "");

  public static Slot output(String task) {
    return new Slot(Kind.OUTPUT, task);
  }

  public static Slot subject(String task) {
    return new Slot(Kind.SUBJECT, task);
  }
}
