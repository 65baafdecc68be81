package io.ligature.schemas.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ligature.avro.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes payloads and opens them. Only inline ones exist until claim checks do. */
public final class Payloads {

  public static final String JSON_TYPE = "application/json";

  /** Exact decimals, no duplicate keys, nothing behind the value. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Payloads() {}

  public static Payload json(JsonNode value) {
    try {
      return of(JSON_TYPE, JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  /** Keeps the array; the caller must not change it any more. */
  public static Payload of(String contentType, byte[] bytes) {
    return new Payload(
        contentType, (long) bytes.length, sha256(bytes), ByteBuffer.wrap(bytes), null);
  }

  /**
   * The content; may be the payload's own array, so it must not be changed.
   *
   * @throws IllegalArgumentException when the content is kept elsewhere
   */
  public static byte[] bytes(Payload payload) {
    ByteBuffer inline = payload.getInline();
    if (inline == null) {
      throw new IllegalArgumentException(
          "the payload is a reference to "
              + payload.getReference()
              + "; only inline ones are read");
    }
    if (inline.hasArray() && inline.arrayOffset() == 0 && inline.array().length == inline.limit()) {
      return inline.array();
    }
    byte[] copy = new byte[inline.remaining()];
    inline.duplicate().get(copy);
    return copy;
  }

  /**
   * @throws IllegalArgumentException when the content is not JSON
   */
  public static JsonNode parse(Payload payload) {
    try {
      return JSON.readTree(bytes(payload));
    } catch (IOException e) {
      throw new IllegalArgumentException("the payload is not JSON: " + e.getMessage(), e);
    }
  }

  /** Lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
