package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.ParsedDefinition.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No check finds fault with what {@code definitions/sound} holds: each stays just within a rule.
 */
class SoundDefinitionsTest {

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/definitions/sound"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isAccepted(Path sample) throws IOException {
    assertThat(PARSER.parse(Files.readString(sample))).isInstanceOf(Sound.class);
  }
}
