package io.ligature.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The documents that are shipped with the example; the module's folder is the working one. */
final class ExampleDocuments {

  static final Path EXAMPLE = Path.of("..", "research");
  static final Path FOLDER = EXAMPLE.resolve("documents");

  private ExampleDocuments() {}

  static Documents load() {
    try {
      return Documents.load(FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
