package io.ligature.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Takes an adapter's settings out of a registration, and collects what is wrong with them. */
final class SettingsReader {

  private final String adapter;
  private final JsonNode settings;
  private final Set<String> known = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(String adapter, AgentRegistration agent) {
    this.adapter = adapter;
    JsonNode parsed;
    try {
      parsed = Payloads.JSON.readTree(agent.getSettings());
    } catch (JsonProcessingException e) {
      throw new InvalidSettingsException(
          adapter, List.of("settings are not JSON; give an object of keys and values"));
    }
    if (!parsed.isObject()) {
      throw new InvalidSettingsException(
          adapter, List.of("settings are not a JSON object; give keys and values"));
    }
    this.settings = parsed;
  }

  Optional<String> text(String key) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      refuse(key, "is not a text; give a text that is not empty");
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  String requiredText(String key, String remedy) {
    Optional<String> value = text(key);
    if (value.isEmpty() && !settings.has(key)) {
      refuse(key, "is missing; " + remedy);
    }
    return value.orElse("");
  }

  int size(String key, int absent, int most) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
      refuse(key, "is not a number from 1 to " + most);
      return absent;
    }
    return value.intValue();
  }

  boolean flag(String key, boolean absent) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isBoolean()) {
      refuse(key, "is neither true nor false");
    }
    return value.asBoolean(absent);
  }

  Duration duration(String key, Duration absent) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return absent;
    }
    try {
      Duration duration = Duration.parse(value.asText());
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Refused below, as a negative one is.
    }
    refuse(key, "is not a duration; give one such as PT5S");
    return absent;
  }

  List<String> texts(String key, List<String> absent) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return absent;
    }
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(each -> texts.add(each.isTextual() ? each.textValue() : ""));
    }
    if (!value.isArray() || texts.contains("")) {
      refuse(key, "is not a list of texts; give one such as [\"first\", \"second\"]");
      return absent;
    }
    return List.copyOf(texts);
  }

  Map<String, String> map(String key) {
    JsonNode value = take(key);
    if (value.isMissingNode()) {
      return Map.of();
    }
    Map<String, String> map = new LinkedHashMap<>();
    boolean sound = value.isObject();
    if (sound) {
      for (Map.Entry<String, JsonNode> each : value.properties()) {
        sound &= each.getValue().isTextual();
        map.put(each.getKey(), each.getValue().asText());
      }
    }
    if (!sound) {
      refuse(key, "is not an object of texts; give one such as {\"name\": \"value\"}");
      return Map.of();
    }
    return map;
  }

  JsonNode take(String key) {
    known.add(key);
    return settings.path(key);
  }

  void refuse(String key, String what) {
    problems.add("settings." + key + " " + what);
  }

  /**
   * @throws InvalidSettingsException when anything was refused, or is unknown
   */
  void check() {
    settings
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                refuse(key, "is unknown; this adapter takes " + String.join(", ", known));
              }
            });
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(adapter, problems);
    }
  }
}
