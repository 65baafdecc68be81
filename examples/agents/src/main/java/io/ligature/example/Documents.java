package io.ligature.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of Markdown documents, read once. */
final class Documents {

  /** Most files that are read from a folder. */
  static final int MOST_FILES = 10_000;

  /** Most bytes of one file. */
  static final long MOST_BYTES = 1 << 20;

  /**
   * One paragraph.
   *
   * @param source name of the file
   * @param title first heading of the file, or its name when it has none
   */
  record Passage(String source, String title, String text) {}

  private final List<Passage> passages;

  private Documents(List<Passage> passages) {
    this.passages = List.copyOf(passages);
  }

  static Documents of(List<Passage> passages) {
    return new Documents(passages);
  }

  /**
   * Reads all {@code .md} files of a folder in the order of their names.
   *
   * @throws IOException when it cannot be read, holds no document, or a document is too large
   */
  static Documents load(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files =
          entries
              .filter(file -> file.getFileName().toString().endsWith(".md"))
              .sorted()
              .limit(MOST_FILES + 1L)
              .toList();
    }
    if (files.isEmpty()) {
      throw new IOException("no .md file in " + folder);
    }
    if (files.size() > MOST_FILES) {
      throw new IOException("more than " + MOST_FILES + " .md files in " + folder);
    }
    List<Passage> passages = new ArrayList<>();
    for (Path file : files) {
      passages.addAll(read(file));
    }
    return new Documents(passages);
  }

  List<Passage> passages() {
    return passages;
  }

  private static List<Passage> read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
    }
    String source = file.getFileName().toString();
    String title = source;
    List<Passage> passages = new ArrayList<>();
    for (String block : Files.readString(file).replace("\r\n", "\n").split("\n\\s*\n", -1)) {
      String text = block.strip();
      if (text.startsWith("#")) {
        title = passages.isEmpty() ? text.replaceFirst("^#+\\s*", "") : title;
      } else if (!text.isEmpty()) {
        passages.add(new Passage(source, title, text.replaceAll("\\s+", " ")));
      }
    }
    return passages;
  }
}
