package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ligature.agent.RetryAfter;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An error as a provider words it. All of them put an object {@code error} into a JSON document;
 * its members differ.
 *
 * @param codes every code, type, status and reason it names
 * @param status the HTTP status it names; 0 for none
 * @param message for people; may be empty
 * @param retryAfter when it may be tried again; null: it does not say
 */
record ProviderError(
    List<String> codes, int status, String message, @Nullable Duration retryAfter) {

  private static final int LEAST_STATUS = 400;
  private static final int MOST_STATUS = 599;
  private static final List<String> CODE_MEMBERS = List.of("code", "type", "status", "param");

  static ProviderError parse(String body) {
    try {
      return of(Payloads.JSON.readTree(body));
    } catch (IOException e) {
      return of(MissingNode.getInstance());
    }
  }

  static ProviderError of(JsonNode document) {
    JsonNode root = document.isArray() ? document.path(0) : document;
    JsonNode error = root.path("error");
    if (error.isTextual()) {
      return new ProviderError(List.of(), 0, error.textValue(), null);
    }
    if (!error.isObject()) {
      error = root;
    }
    List<String> codes = new ArrayList<>();
    for (String member : CODE_MEMBERS) {
      JsonNode value = error.path(member);
      if (value.isTextual()) {
        codes.add(value.textValue().toLowerCase(Locale.ROOT));
      }
    }
    JsonNode number = error.path("code");
    boolean isStatus =
        number.isInt() && number.intValue() >= LEAST_STATUS && number.intValue() <= MOST_STATUS;
    Duration wait = null;
    for (JsonNode detail : error.path("details")) {
      String type = detail.path("@type").asText();
      if (type.endsWith("RetryInfo")) {
        wait = seconds(detail.path("retryDelay").asText());
      } else if (type.endsWith("ErrorInfo")) {
        codes.add(detail.path("reason").asText().toLowerCase(Locale.ROOT));
      }
    }
    return new ProviderError(
        List.copyOf(codes),
        isStatus ? number.intValue() : 0,
        error.path("message").asText(""),
        wait);
  }

  boolean says(String... any) {
    for (String each : any) {
      if (codes.contains(each)) {
        return true;
      }
    }
    return false;
  }

  /** Of the form {@code 34.07s}. */
  private static @Nullable Duration seconds(String text) {
    if (!text.endsWith("s")) {
      return null;
    }
    try {
      BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
      return RetryAfter.bounded(Duration.ofMillis(seconds.movePointRight(3).longValue()));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
