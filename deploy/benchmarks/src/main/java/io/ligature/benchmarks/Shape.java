package io.ligature.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** A workflow to measure with. */
enum Shape {
  /** Three tasks, one after the other. */
  SEQUENCE(3, 3),
  /** A, then B and C side by side, then D. */
  DIAMOND(4, 3);

  private final int tasks;
  private final int depth;

  Shape(int tasks, int depth) {
    this.tasks = tasks;
    this.depth = depth;
  }

  int tasks() {
    return tasks;
  }

  /**
   * Records that follow one another on the longest path: the start, its way into the inbox, then
   * ready, assigned and result for each task in a row, and the last audit event.
   */
  int hopsInARow() {
    return 2 + 3 * depth + 1;
  }

  /**
   * All records of one workflow: start, inbox, three for each task, and the audit events: started,
   * scheduled and succeeded for each task, completed.
   */
  int records() {
    return 2 + 3 * tasks + (2 + 2 * tasks);
  }

  String definition() {
    return "bench-" + name().toLowerCase(Locale.ROOT);
  }

  String yaml() {
    return resource(name().toLowerCase(Locale.ROOT) + ".yaml");
  }

  /**
   * @param payloadBytes of the input, about
   */
  Workload workload(int payloadBytes) {
    return new Workload(definition(), yaml(), tasks, input(payloadBytes));
  }

  /** A JSON object of about that many bytes which does not compress to nothing. */
  private static String input(int bytes) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return "{\"text\":\"" + text + "\"}";
  }

  static String resource(String name) {
    try (InputStream in = Shape.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
