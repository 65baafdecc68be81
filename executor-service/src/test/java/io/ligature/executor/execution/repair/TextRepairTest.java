package io.ligature.executor.execution.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.executor.execution.repair.TextRepair.Found;
import io.ligature.executor.execution.repair.TextRepair.None;
import io.ligature.executor.execution.repair.TextRepair.One;
import io.ligature.executor.execution.repair.TextRepair.Several;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRepairTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Found one(String json, String... repairs) {
    return new One(json(json), List.of(repairs));
  }

  @Test
  void takesJsonAsItIs() {
    assertThat(TextRepair.find(" {\"n\": 1.10}\n")).isEqualTo(one("{\"n\": 1.10}"));
  }

  @Test
  void takesAScalarAsItIs() {
    assertThat(TextRepair.find("42")).isEqualTo(one("42"));
  }

  @Test
  void overlooksAByteOrderMark() {
    assertThat(TextRepair.find("\uFEFF{}")).isEqualTo(one("{}"));
  }

  @Test
  void removesACodeFence() {
    assertThat(TextRepair.find("```json\n{\"n\": 1}\n```"))
        .isEqualTo(one("{\"n\": 1}", TextRepair.FENCE));
  }

  @Test
  void removesAFenceOnOneLine() {
    assertThat(TextRepair.find("```{\"n\": 1}```")).isEqualTo(one("{\"n\": 1}", TextRepair.FENCE));
  }

  @Test
  void removesAFenceThatWasNeverClosed() {
    assertThat(TextRepair.find("~~~\n[1]\n")).isEqualTo(one("[1]", TextRepair.FENCE));
  }

  @Test
  void removesProseAroundAFence() {
    assertThat(TextRepair.find("Sure [see docs]:\n```json\n{\"n\": 1}\n```\nAnything else?"))
        .isEqualTo(one("{\"n\": 1}", TextRepair.FENCE, TextRepair.PROSE));
  }

  @Test
  void keepsAFenceThatStandsInAValue() {
    String text = "Here:\n{\"md\": \"```json\\n{}\\n```\"}\nDone.";

    assertThat(TextRepair.find(text))
        .isEqualTo(one("{\"md\": \"```json\\n{}\\n```\"}", TextRepair.PROSE));
  }

  @Test
  void removesProse() {
    assertThat(TextRepair.find("The answer is {\"n\": [1, 2]}, as you asked."))
        .isEqualTo(one("{\"n\": [1, 2]}", TextRepair.PROSE));
  }

  @Test
  void removesTrailingCommas() {
    assertThat(TextRepair.find("{\"n\": [1, 2,], }"))
        .isEqualTo(one("{\"n\": [1, 2]}", TextRepair.COMMAS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\": 1} or {\"n\": 2}",
        "See [1]. {\"n\": 1}",
        "See [1].\n```json\n{\"n\": 1}\n```",
        "```json\n{\"n\": 1}\n```\nor\n```json\n{\"n\": 2}\n```",
        "{\"n\": 2}\n```json\n{\"n\": 1}\n```",
      })
  void doesNotChooseBetweenValues(String text) {
    assertThat(TextRepair.find(text)).isEqualTo(new Several());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "I cannot answer that.",
        "{\"items\": [{\"n\": 1}, {\"n\": 2}",
        "{\"items\": [{\"n\": 1}",
        "{\"items\": {\"n\": 1}",
        "[{\"n\": 1}, {\"n\"",
        "\"n\": 1}, {\"n\": 2}]",
        "```json\n{\"n\": 1, \"m\n```",
        "{\"n\": 1\n```json\n{\"m\": 1}\n```",
        "{'n': 1}",
        "{\"n\": 1, \"n\": 2}",
        "{\"n\": ...}",
        "{\"n\": 1 /* one */}",
        "{,}",
        "[1,,2]",
      })
  void findsNothingInWhatIsBroken(String text) {
    assertThat(TextRepair.find(text)).isEqualTo(new None());
  }

  @Test
  void isSoonDoneWithATextOfBrackets() {
    assertThat(TextRepair.find("[\"a".repeat(300_000))).isEqualTo(new None());
    assertThat(TextRepair.find("```json\n{}\n```\n" + "[\"a ".repeat(300_000)))
        .isEqualTo(new None());
    assertThat(TextRepair.find("```\n[\"a\n".repeat(100_000))).isEqualTo(new None());
  }

  @Test
  void givesExactlyWhatWasMangled() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      JsonNode original = container(random, 0);
      String text = mangled(random, original);

      assertThat(TextRepair.find(text))
          .as("seed %d: %s", seed, text)
          .isInstanceOfSatisfying(
              One.class,
              one -> {
                assertThat(one.value()).isEqualTo(json(original.toString()));
                assertThat(one.value().toString()).isEqualTo(json(original.toString()).toString());
              });
    }
  }

  /** A cut text never gives a part of what was cut. */
  @Test
  void givesNothingOfWhatWasCut() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      JsonNode original = container(random, 0);
      String whole = original.toString();
      String cut = whole.substring(0, 1 + random.nextInt(whole.length() - 1));
      String text = random.nextBoolean() ? "Here it is: " + cut : "```json\n" + cut + "\n```";

      assertThat(TextRepair.find(text)).as("seed %d: %s", seed, text).isNotInstanceOf(One.class);
    }
  }

  private static String mangled(Random random, JsonNode value) {
    String text = random.nextBoolean() ? written(random, value) : value.toPrettyString();
    return switch (random.nextInt(5)) {
      case 0 -> text;
      case 1 -> "```json\n" + text + "\n```";
      case 2 -> "Sure! Here's the \"answer\", as asked:\n\n" + text + "\n\nIs that fine?";
      case 3 -> "Let me think, (a) first.\n```\n" + text + "\n```\nThat's it [done].";
      default -> "  ~~~JSON\n" + text;
    };
  }

  /** With commas before some closing brackets. */
  private static String written(Random random, JsonNode value) {
    if (!value.isContainerNode()) {
      return value.toString();
    }
    List<String> parts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(each -> parts.add(written(random, each)));
    } else {
      value
          .properties()
          .forEach(
              each ->
                  parts.add(
                      NODES.textNode(each.getKey()) + ": " + written(random, each.getValue())));
    }
    String comma = !parts.isEmpty() && random.nextInt(3) == 0 ? " ,\n" : "";
    String inner = String.join(", ", parts) + comma;
    return value.isArray() ? "[" + inner + "]" : "{" + inner + "}";
  }

  private static JsonNode container(Random random, int depth) {
    if (random.nextBoolean()) {
      ArrayNode array = NODES.arrayNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        array.add(value(random, depth + 1));
      }
      return array;
    }
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(text(random), value(random, depth + 1));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 5 : 7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(BigDecimal.valueOf(random.nextLong(), random.nextInt(30)));
      case 4 -> NODES.textNode(text(random));
      default -> container(random, depth);
    };
  }

  private static String text(Random random) {
    String[] pieces = {
      "a", "```", "{", "}", "[1]", ",", ", ]", "\"", "\\", "\n", "ä", "😀", "```json\n", " ", "null"
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
