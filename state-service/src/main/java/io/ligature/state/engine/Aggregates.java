package io.ligature.state.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Failure;
import io.ligature.avro.Payload;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.wire.Payloads;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts the outputs of a fan-out into one list, in the order of its items; bytes are not parsed. */
final class Aggregates {

  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private Aggregates() {}

  /**
   * @param collect true: each entry says how its item ended
   * @throws ExpressionException when the list is larger than a payload may be
   */
  static Payload of(Transition t, String task, int size, boolean collect) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    list.write('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        list.write(',');
      }
      String item = Paths.indexed(task, i);
      if (collect) {
        writeEntry(t, item, list);
      } else {
        list.writeBytes(bytes(t.state().payload(Slot.output(item)), item));
      }
      if (list.size() > t.tuning().payloadLimit().maxBytes()) {
        throw new ExpressionException(
            "the outputs of "
                + task
                + " together are larger than a payload may be ("
                + t.tuning().payloadLimit().maxBytes()
                + " bytes); make them smaller, or set aggregate: none");
      }
    }
    list.write(']');
    return Payloads.of(Payloads.JSON_TYPE, list.toByteArray());
  }

  private static void writeEntry(Transition t, String item, ByteArrayOutputStream list) {
    TaskState state = t.task(item).state();
    String head = "{\"status\":\"" + state.wireName() + "\"";
    list.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    if (state instanceof TaskState.Failed(Failure failure)) {
      ObjectNode error = Payloads.JSON.createObjectNode();
      error.put("kind", failure.getKind()).put("message", failure.getMessage());
      list.writeBytes((",\"output\":null,\"error\":" + error).getBytes(StandardCharsets.UTF_8));
    } else {
      list.writeBytes(",\"output\":".getBytes(StandardCharsets.UTF_8));
      list.writeBytes(bytes(t.state().payload(Slot.output(item)), item));
      list.writeBytes(",\"error\":null".getBytes(StandardCharsets.UTF_8));
    }
    list.write('}');
  }

  private static byte[] bytes(@Nullable Payload payload, String item) {
    if (payload == null) {
      return NULL;
    }
    if (!payload.getContentType().equals(Payloads.JSON_TYPE) || payload.getInline() == null) {
      throw new ExpressionException(
          "the output of "
              + item
              + " is "
              + payload.getContentType()
              + " and cannot stand in a list; set aggregate: none");
    }
    return Payloads.bytes(payload);
  }
}
