package io.ligature.approval.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.approval.review.OutputCheck;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks edited outputs with JSON Schema. Nothing is fetched: a schema that refers to another
 * address is refused. The last compiled schemas are kept; safe for several threads.
 */
public final class OutputSchemas implements OutputCheck {

  private static final int KEPT = 100;
  private static final int MOST_VIOLATIONS = 50;

  private final PayloadLimit limit;
  private final Map<String, Schema> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Schema> eldest) {
          return size() > KEPT;
        }
      };

  public OutputSchemas(PayloadLimit limit) {
    this.limit = limit;
  }

  @Override
  public List<String> violations(@Nullable String schema, Payload output) {
    return violations(schema, null, output);
  }

  @Override
  public List<String> violations(
      @Nullable String schema, @Nullable Payload before, Payload output) {
    Optional<String> tooLarge = limit.violation("the edited output", output);
    if (tooLarge.isPresent()) {
      return List.of(tooLarge.get());
    }
    JsonNode value;
    try {
      value = Payloads.parse(output);
    } catch (IllegalArgumentException e) {
      return List.of("the edited output is not JSON");
    }
    List<String> wrong = NewMembers.beyondMeasure(value, MOST_VIOLATIONS);
    if (wrong.isEmpty() && schema != null) {
      wrong = check(schema, value);
    }
    return wrong.isEmpty()
        ? NewMembers.violations(json(schema), json(before), value, MOST_VIOLATIONS)
        : wrong;
  }

  private static JsonNode json(@Nullable Payload payload) {
    if (payload == null || payload.getInline() == null) {
      return MissingNode.getInstance();
    }
    try {
      return Payloads.parse(payload);
    } catch (IllegalArgumentException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode json(@Nullable String text) {
    try {
      return text == null ? MissingNode.getInstance() : Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private List<String> check(String text, JsonNode value) {
    List<String> violations = new ArrayList<>();
    try {
      for (com.networknt.schema.Error error : schema(text).validate(value)) {
        if (violations.size() == MOST_VIOLATIONS) {
          violations.add("… and more");
          return violations;
        }
        String place = error.getInstanceLocation().toString();
        violations.add((place.isEmpty() ? "/" : place) + ": " + error.getMessage());
      }
    } catch (SchemaException | JsonProcessingException e) {
      return List.of("the review's output schema cannot be used, so no edit can be checked");
    }
    return violations;
  }

  private synchronized Schema schema(String text) throws JsonProcessingException {
    Schema known = compiled.get(text);
    if (known == null) {
      known =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Payloads.JSON.readTree(text));
      compiled.put(text, known);
    }
    return known;
  }
}
