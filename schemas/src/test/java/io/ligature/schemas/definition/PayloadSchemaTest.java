package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class PayloadSchemaTest {

  @Test
  void tellsEachPlaceThatBreaksTheSchema() throws Exception {
    PayloadSchema schema =
        new PayloadSchema(
            json("{'required': ['order'], 'properties': {'amount': {'type': 'number'}}}"));

    assertThat(schema.violations(json("{'order': 1, 'amount': 2}"))).isEmpty();
    assertThat(schema.violations(json("{'amount': 'much'}")))
        .containsExactlyInAnyOrder(
            "/amount: string found, number expected", "required property 'order' not found");
  }

  @Test
  void followsReferencesIntoItself() throws Exception {
    PayloadSchema schema =
        new PayloadSchema(json("{'$ref': '#/$defs/a', '$defs': {'a': {'type': 'string'}}}"));

    assertThat(schema.violations(json("1"))).hasSize(1);
  }

  @Test
  void refusesToFetchAnything() {
    assertThatThrownBy(
            () ->
                new PayloadSchema(
                    json("{'items': {'$ref': 'http://169.254.169.254/schema.json'}}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the schema refers to another document, 'http://169.254.169.254/schema.json'");
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
