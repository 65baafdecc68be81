package io.ligature.executor.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.executor.execution.repair.Repair;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema that says what is wrong with a value. */
final class JsonContract implements Repair.Contract {

  private static final int MOST_VIOLATIONS = 10;
  private static final int LONGEST = 200;
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final @Nullable String text;
  private final @Nullable JsonNode document;
  private final @Nullable Schema schema;

  private JsonContract(
      @Nullable String text, @Nullable JsonNode document, @Nullable Schema schema) {
    this.text = text;
    this.document = document;
    this.schema = schema;
  }

  /**
   * @param text null takes any value
   * @throws IllegalArgumentException when it is not a usable schema
   */
  static JsonContract compile(@Nullable String text) {
    if (text == null) {
      return new JsonContract(null, null, null);
    }
    try {
      JsonNode document = Payloads.JSON.readTree(text);
      Schema schema = SCHEMAS.getSchema(document);
      schema.initializeValidators();
      return new JsonContract(text, document, schema);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("not a usable JSON Schema: " + e.getMessage(), e);
    }
  }

  /** As it was registered; null when any value will do. */
  @Nullable String text() {
    return text;
  }

  @Override
  public @Nullable JsonNode schema() {
    return document;
  }

  /** One entry for each violation, the first ten; the offending values are left out. */
  @Override
  public List<String> violations(JsonNode value) {
    if (schema == null) {
      return List.of();
    }
    List<Error> errors = schema.validate(value);
    List<String> words = new ArrayList<>();
    errors.stream().limit(MOST_VIOLATIONS).map(JsonContract::words).forEach(words::add);
    if (errors.size() > MOST_VIOLATIONS) {
      words.add("and " + (errors.size() - MOST_VIOLATIONS) + " more");
    }
    return words;
  }

  private static String words(Error error) {
    String place = error.getInstanceLocation().toString();
    String words = (place.isEmpty() ? "/" : place) + ": " + error.getMessage();
    return words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1) + "…";
  }
}
