package io.ligature.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the fields of an object one by one, and collects everything that is wrong with them. */
final class Fields {

  private static final BigDecimal MOST = new BigDecimal("1000000000000");

  private final JsonNode object;
  private final String path;
  private final List<String> violations;
  private final Set<String> taken = new HashSet<>();

  Fields(JsonNode object, String path, List<String> violations) {
    this.object = object;
    this.path = path;
    this.violations = violations;
  }

  void refuse(String field, String what) {
    violations.add(path + field + ": " + what);
  }

  /** Call when all known fields were taken. */
  void refuseUnknown() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!taken.contains(name)) {
                refuse(name, "unknown field; known are " + taken.stream().sorted().toList());
              }
            });
  }

  String text(String field, String otherwise) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isValueNode()) {
      refuse(field, "must be a text");
      return otherwise;
    }
    return node.asText();
  }

  String name(String field, @Nullable String otherwise, Pattern allowed) {
    String value = text(field, otherwise == null ? "" : otherwise);
    if (value.isEmpty()) {
      refuse(field, "is required");
    } else if (!allowed.matcher(value).matches()) {
      refuse(field, "'" + value + "' does not match " + allowed.pattern());
    }
    return value;
  }

  boolean flag(String field) {
    JsonNode node = take(field);
    if (!node.isMissingNode() && !node.isBoolean()) {
      refuse(field, "must be true or false");
    }
    return node.asBoolean(false);
  }

  boolean flag(String field, boolean otherwise) {
    return object.hasNonNull(field) ? flag(field) : !flag(field) && otherwise;
  }

  /** A finite number of at least 0. */
  @Nullable Double number(String field) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isNumber() || !(node.doubleValue() >= 0) || Double.isInfinite(node.doubleValue())) {
      refuse(field, "must be a number of at least 0");
      return null;
    }
    return node.doubleValue();
  }

  @Nullable Instant instant(String field) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    try {
      return Instant.parse(node.asText()).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      refuse(field, "'" + node.asText() + "' is not an instant such as 2026-01-31T00:00:00Z");
      return null;
    }
  }

  @Nullable String nameOrNone(String field, Pattern allowed) {
    return object.hasNonNull(field) ? name(field, null, allowed) : none(field);
  }

  private @Nullable String none(String field) {
    taken.add(field);
    return null;
  }

  @Nullable Long whole(String field, long least) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < least) {
      refuse(field, "must be a whole number of at least " + least);
      return null;
    }
    return node.longValue();
  }

  @Nullable Integer count(String field) {
    Long value = whole(field, 1);
    if (value == null) {
      return null;
    }
    if (value > Integer.MAX_VALUE) {
      refuse(field, "must be at most " + Integer.MAX_VALUE);
      return null;
    }
    return value.intValue();
  }

  @Nullable Double share(String field) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isNumber() || node.doubleValue() < 0 || node.doubleValue() > 1) {
      refuse(field, "must be a number from 0 to 1");
      return null;
    }
    return node.doubleValue();
  }

  /** A number, or a text that is one. */
  @Nullable BigDecimal amount(String field) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    try {
      BigDecimal amount = new BigDecimal(node.asText());
      if (node.isValueNode() && amount.signum() >= 0 && amount.compareTo(MOST) <= 0) {
        return Money.of(amount).toDecimal();
      }
    } catch (NumberFormatException e) {
      refuse(field, "'" + node.asText() + "' is not an amount");
      return null;
    }
    refuse(field, "must be an amount from 0 to " + MOST);
    return null;
  }

  /** Milliseconds of an ISO-8601 duration. */
  @Nullable Long duration(String field) {
    JsonNode node = take(field);
    if (node.isMissingNode()) {
      return null;
    }
    try {
      Duration duration = Duration.parse(node.asText());
      if (!duration.isNegative()) {
        return duration.toMillis();
      }
    } catch (DateTimeException | ArithmeticException e) {
      refuse(field, "'" + node.asText() + "' is not a duration such as PT2S");
      return null;
    }
    refuse(field, "must not be negative");
    return null;
  }

  List<String> texts(String field) {
    JsonNode node = take(field);
    List<String> texts = new ArrayList<>();
    if (node.isMissingNode()) {
      return texts;
    }
    if (!node.isArray()) {
      refuse(field, "must be a list of texts");
    }
    for (JsonNode each : node) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        refuse(field, "must be a list of texts");
        return texts;
      }
      texts.add(each.textValue());
    }
    return texts;
  }

  /** Fields of a nested object; without any field when it is absent. */
  Fields nested(String field) {
    return new Fields(object(field), path + field + ".", violations);
  }

  JsonNode object(String field) {
    JsonNode node = take(field);
    if (!node.isMissingNode() && !(node instanceof ObjectNode)) {
      refuse(field, "must be an object");
      return MissingNode.getInstance();
    }
    return node;
  }

  /** Absent and null are the same. */
  JsonNode take(String field) {
    taken.add(field);
    JsonNode node = object.path(field);
    return node.isNull() ? MissingNode.getInstance() : node;
  }
}
