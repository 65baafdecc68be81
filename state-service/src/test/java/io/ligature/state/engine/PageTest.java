package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/engine.md and the tests cannot drift apart: each row of its tables begins with an id, and a
 * test begins its name with that id: {@code f3AFailure…}, {@code s1S4WhatSucceeded…} for two rows,
 * or the first column of a CSV source.
 */
class PageTest {

  private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]\\d+) \\|", Pattern.MULTILINE);
  private static final Pattern METHOD = Pattern.compile("void ((?:[A-Za-z]\\d+)+)[A-Z]\\w*\\(");
  private static final Pattern CSV = Pattern.compile("^ *\"([A-Z]\\d+) ", Pattern.MULTILINE);
  private static final Pattern ID = Pattern.compile("[A-Za-z]\\d+");

  @Test
  void eachRowOfThePageIsShownByATestThatNamesIt() throws IOException {
    Set<String> unshown = rows(Files.readString(page()));

    unshown.removeAll(shown());

    assertThat(unshown).as("rows of docs/engine.md that no test names").isEmpty();
  }

  @Test
  void eachTestThatNamesARowNamesOneOfThePage() throws IOException {
    Set<String> unknown = shown();

    unknown.removeAll(rows(Files.readString(page())));

    assertThat(unknown).as("rows that tests name and docs/engine.md does not have").isEmpty();
  }

  @Test
  void noIdIsGivenTwice() throws IOException {
    List<String> ids =
        ROW.matcher(Files.readString(page())).results().map(found -> found.group(1)).toList();

    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(100);
  }

  @Test
  void everyTableOfThePageHasIds() throws IOException {
    List<String> without =
        Files.readAllLines(page()).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| |"))
            .filter(line -> !ROW.matcher(line).find())
            .toList();

    assertThat(without).isEmpty();
  }

  @Test
  void readsRowsAndNames() {
    assertThat(rows("| A1 | x |\n| --- |\n| | y |\ntext | B2 |\n")).containsExactly("A1");
    assertThat(names("  void a1B22TheFirst() {\n  void plain() {\n    \"C3 all: none, 1\",\n"))
        .containsExactly("A1", "B22", "C3");
  }

  private static Set<String> rows(String page) {
    Set<String> ids = new TreeSet<>();
    ROW.matcher(page).results().forEach(found -> ids.add(found.group(1)));
    return ids;
  }

  private static Set<String> names(String source) {
    Set<String> ids = new TreeSet<>();
    for (Pattern pattern : List.of(METHOD, CSV)) {
      Matcher named = pattern.matcher(source);
      while (named.find()) {
        ID.matcher(named.group(1))
            .results()
            .forEach(id -> ids.add(id.group().toUpperCase(Locale.ROOT)));
      }
    }
    return ids;
  }

  private static Set<String> shown() throws IOException {
    Path tests =
        module()
            .resolve("src/test/java")
            .resolve(PageTest.class.getPackageName().replace('.', '/'));
    Set<String> ids = new TreeSet<>();
    try (Stream<Path> sources = Files.list(tests)) {
      sources
          .filter(file -> file.toString().endsWith("Test.java") && !file.endsWith("PageTest.java"))
          .forEach(file -> ids.addAll(names(read(file))));
    }
    return ids;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path page() {
    return module().resolve("../docs/engine.md");
  }

  private static Path module() {
    return Path.of("").toAbsolutePath();
  }
}
