package io.ligature.state.engine;

/**
 * Names one of a workflow's payloads.
 *
 * @param task path of the task; empty for {@code INPUT} and {@code RESULT}; the variable's name for
 *     {@code VARIABLE}; the command's id for {@code SIGNAL}
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
    SUBJECT,
    /** What one task of a fan-out is about. */
    ITEM,
    /** A variable's value. */
    VARIABLE,
    /** What a signal carries that nobody has waited for yet. */
    SIGNAL,
    /** An input that a command put in the place of the definition's. */
    OWN_INPUT
  }

  public static final Slot INPUT = new Slot(Kind.INPUT, "");
  public static final Slot RESULT = new Slot(Kind.RESULT, "");

  public static Slot output(String task) {
    return new Slot(Kind.OUTPUT, task);
  }

  public static Slot subject(String task) {
    return new Slot(Kind.SUBJECT, task);
  }

  public static Slot item(String task) {
    return new Slot(Kind.ITEM, task);
  }

  public static Slot variable(String name) {
    return new Slot(Kind.VARIABLE, name);
  }

  public static Slot signal(String commandId) {
    return new Slot(Kind.SIGNAL, commandId);
  }

  public static Slot ownInput(String task) {
    return new Slot(Kind.OWN_INPUT, task);
  }
}
