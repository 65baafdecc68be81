package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A mistake in the tests' own definitions is told here, not by a deployment that takes a minute.
 */
class ShippedDefinitionsTest {

  private final DefinitionParser parser = new DefinitionParser(DefinitionLimits.DEFAULT);

  @Test
  void stepsIsADefinition() {
    assertThat(parser.parse(Steps.definition("steps", "test.step")))
        .isInstanceOf(ParsedDefinition.Sound.class);
  }

  @ParameterizedTest
  @FieldSource("io.ligature.endtoend.Constructs#ALL")
  void theConstructsAreDefinitions(String construct) {
    assertThat(parser.parse(Constructs.definition("test", construct)))
        .isInstanceOf(ParsedDefinition.Sound.class);
  }

  @Test
  void theDefinitionNobodyCanServeIsADefinition() {
    assertThat(parser.parse(BadInputIT.unserved("later", "PT6S", "test.later")))
        .isInstanceOf(ParsedDefinition.Sound.class);
  }

  @Test
  void theBrokenDefinitionIsBroken() {
    assertThat(parser.parse(BadInputIT.BROKEN)).isInstanceOf(ParsedDefinition.Refused.class);
  }
}
