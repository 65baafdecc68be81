package io.ligature.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Payload;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON for people: amounts and instants as text, JSON payloads as JSON, null fields left
 * out.
 */
final class AvroJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AvroJson() {}

  static ObjectNode of(SpecificRecord record) {
    ObjectNode object = JSON.objectNode();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value != null) {
        object.set(field.name(), node(value));
      }
    }
    return object;
  }

  /** The content where it is JSON; else what is known of it, with the content in base64. */
  static @Nullable JsonNode content(@Nullable Payload payload) {
    if (payload == null) {
      return null;
    }
    if (payload.getInline() != null && payload.getContentType().equals(Payloads.JSON_TYPE)) {
      try {
        return Payloads.parse(payload);
      } catch (IllegalArgumentException notJson) {
        return described(payload);
      }
    }
    return described(payload);
  }

  private static ObjectNode described(Payload payload) {
    ObjectNode object = JSON.objectNode();
    object.put("contentType", payload.getContentType());
    object.put("size", payload.getSize());
    object.put("sha256", payload.getSha256());
    if (payload.getReference() != null) {
      object.put("reference", payload.getReference());
    }
    if (payload.getInline() != null) {
      object.put("base64", Base64.getEncoder().encodeToString(Payloads.bytes(payload)));
    }
    return object;
  }

  private static @Nullable JsonNode node(Object value) {
    return switch (value) {
      case Payload payload -> content(payload);
      case SpecificRecord record -> of(record);
      case BigDecimal amount -> JSON.textNode(Money.of(amount).toString());
      case Boolean flag -> JSON.booleanNode(flag);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case ByteBuffer bytes -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        yield JSON.textNode(Base64.getEncoder().encodeToString(copy));
      }
      case Collection<?> values -> {
        ArrayNode array = JSON.arrayNode();
        values.forEach(one -> array.add(node(one)));
        yield array;
      }
      case Map<?, ?> values -> {
        ObjectNode object = JSON.objectNode();
        values.forEach((key, one) -> object.set(key.toString(), node(one)));
        yield object;
      }
      case Object text -> JSON.textNode(text.toString());
    };
  }
}
