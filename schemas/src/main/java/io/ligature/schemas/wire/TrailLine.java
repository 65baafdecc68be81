package io.ligature.schemas.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a trail as one line of JSON. Its last field is the SHA-256 of the line without it,
 * which in turn names the hash of the entry before: no entry can be changed, left out or moved
 * without all behind it being wrong.
 */
public record TrailLine(String text) {

  /** What the first entry names as the hash before it. */
  public static final String START = "0".repeat(64);

  private static final String FIELD = ",\"hash\":\"";
  private static final int TAIL = FIELD.length() + 64 + 2;

  /**
   * @param entry a JSON object, without the hash
   */
  public static TrailLine sealed(String entry) {
    return new TrailLine(entry.substring(0, entry.length() - 1) + FIELD + hashOf(entry) + "\"}");
  }

  public static TrailLine of(byte[] row) {
    return new TrailLine(new String(row, StandardCharsets.UTF_8));
  }

  public byte[] row() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public String hash() {
    return text.substring(text.length() - 66, text.length() - 2);
  }

  /** The line with all its fields. */
  public JsonNode json() {
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the line is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** True when the line is what its hash was made of. */
  public boolean isWhole() {
    if (text.length() <= TAIL || !text.startsWith(FIELD, text.length() - TAIL)) {
      return false;
    }
    String entry = text.substring(0, text.length() - TAIL) + "}";
    return text.endsWith("\"}") && hashOf(entry).equals(hash());
  }

  private static String hashOf(String entry) {
    return Payloads.sha256(entry.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is wrong with a trail; null: nothing.
   *
   * @param lines in their order
   */
  public static @Nullable String problem(String reviewId, Iterable<TrailLine> lines) {
    String previous = START;
    long number = 0;
    for (TrailLine line : lines) {
      number++;
      if (!line.isWhole()) {
        return "entry " + number + " is not what its hash was made of";
      }
      JsonNode entry = line.json();
      if (!entry.path("reviewId").asText().equals(reviewId)
          || entry.path("number").asLong() != number) {
        return "entry " + number + " is missing or stands elsewhere";
      }
      if (!entry.path("previous").asText().equals(previous)) {
        return "entry " + number + " does not follow the entry before it";
      }
      previous = line.hash();
    }
    return number == 0 ? "there is no entry" : null;
  }
}
