package io.ligature.schemas.definition;

/**
 * Something wrong in a definition.
 *
 * @param line from 1
 * @param column from 1
 * @param path where in the document, as a JSON pointer
 * @param message what is wrong
 * @param remedy what to do
 */
public record Problem(int line, int column, String path, String message, String remedy) {

  /** As compilers print it: {@code file:line:column: message; remedy}. */
  public String in(String file) {
    return file + ":" + line + ":" + column + ": " + message + "; " + remedy;
  }
}
