package io.ligature.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One line for each piece of work that was really done: {@code AGENT KEY STATUS}.
 *
 * <p>An answer that was remembered leaves no line, so a key that stands here twice was worked on
 * twice. Several processes may write to the same file.
 */
final class CallLog {

  private final @Nullable Path file;

  /**
   * @param file null: nothing is written
   */
  CallLog(@Nullable Path file) {
    this.file = file;
  }

  synchronized void called(String agent, String key, int status) {
    if (file == null) {
      return;
    }
    String line = agent + " " + key.replaceAll("\\s", "_") + " " + status + "\n";
    try {
      Files.write(
          file,
          line.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + file, e);
    }
  }
}
