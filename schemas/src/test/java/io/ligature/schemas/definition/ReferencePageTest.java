package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.ParsedDefinition.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/definitions.md shows nothing that is refused. */
class ReferencePageTest {

  private static final Pattern SNIPPET = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OF_A_TASK = Pattern.compile("^(?!name:|variables:|schedule:|#)");
  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  @Test
  void everySnippetIsSound() throws IOException {
    List<String> snippets =
        SNIPPET
            .matcher(Files.readString(Path.of("..", "docs", "definitions.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .filter(snippet -> !snippet.startsWith("#"))
            .toList();

    assertThat(snippets).hasSizeGreaterThan(10);
    for (String snippet : snippets) {
      assertThat(PARSER.parse(whole(snippet))).as(snippet).isInstanceOf(Sound.class);
    }
  }

  private static String whole(String snippet) {
    if (snippet.startsWith("name:")) {
      return snippet;
    }
    if (OF_A_TASK.matcher(snippet).find()) {
      return "name: shown\ntasks:\n" + snippet.indent(2);
    }
    String tasks = snippet.contains("\ntasks:") ? "" : "tasks: { any: { capability: x } }\n";
    return "name: shown\n" + snippet + tasks;
  }
}
