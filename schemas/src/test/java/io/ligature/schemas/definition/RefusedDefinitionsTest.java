package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.ParsedDefinition.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each definition in {@code definitions/refused} is refused with exactly the messages in the {@code
 * .txt} beside it. {@code -Dligature.rewrite=true} writes these files anew; read them before you
 * commit them.
 */
class RefusedDefinitionsTest {

  private static final Path SAMPLES = Path.of("src/test/resources/definitions/refused");
  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(file -> !file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isRefusedWithTheseMessages(Path sample) throws IOException {
    ParsedDefinition parsed = PARSER.parse(Files.readString(sample));

    assertThat(parsed).isInstanceOf(Refused.class);
    String messages =
        ((Refused) parsed)
            .problems().stream()
                .map(problem -> problem.in(sample.getFileName().toString()) + "\n")
                .collect(Collectors.joining());
    Path expected = Path.of(sample + ".txt");
    if (Boolean.getBoolean("ligature.rewrite")) {
      Files.writeString(expected, messages);
    }
    assertThat(messages).isEqualTo(Files.readString(expected));
  }
}
