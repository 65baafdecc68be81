package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A JSON object put together from bytes: what is JSON already is copied unread. */
final class JsonObject {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  JsonObject with(String name, String text) {
    return with(name, TextNode.valueOf(text));
  }

  JsonObject with(String name, JsonNode value) {
    return raw(name, Payloads.bytes(Payloads.json(value)));
  }

  /**
   * Text that is no JSON as a string, anything else in Base64, and what is kept elsewhere by its
   * address.
   */
  JsonObject with(String name, @Nullable Payload payload) {
    if (payload == null) {
      return raw(name, "null".getBytes(StandardCharsets.UTF_8));
    }
    String reference = payload.getReference();
    if (reference != null && payload.getInline() == null) {
      return with(name, Payloads.JSON.createObjectNode().put("reference", reference));
    }
    byte[] content = Payloads.bytes(payload);
    String type = payload.getContentType();
    if (type.startsWith(Payloads.JSON_TYPE)) {
      return raw(name, content);
    }
    return with(
        name,
        type.startsWith("text/")
            ? new String(content, StandardCharsets.UTF_8)
            : Base64.getEncoder().encodeToString(content));
  }

  private JsonObject raw(String name, byte[] value) {
    bytes.write(bytes.size() == 0 ? '{' : ',');
    bytes.writeBytes(Payloads.bytes(Payloads.json(TextNode.valueOf(name))));
    bytes.write(':');
    bytes.writeBytes(value);
    return this;
  }

  Payload payload() {
    bytes.write('}');
    return Payloads.of(Payloads.JSON_TYPE, bytes.toByteArray());
  }
}
