package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void copiesJsonUnreadAndMakesJsonOfTheRest() {
    Payload made =
        new JsonObject()
            .with("task", "a \"b\"")
            .with("none", (Payload) null)
            .with("json", Payloads.of("application/json; charset=utf-8", bytes("{ \"n\": 1.50 }")))
            .with("text", Payloads.of("text/plain", bytes("line\n")))
            .with("other", Payloads.of("image/png", new byte[] {1, 2}))
            .with("far", new Payload("application/json", 9L, "sha", null, "s3://b/k"))
            .payload();

    assertThat(new String(Payloads.bytes(made), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"task\":\"a \\\"b\\\"\",\"none\":null,\"json\":{ \"n\": 1.50 },"
                + "\"text\":\"line\\n\",\"other\":\"AQI=\",\"far\":{\"reference\":\"s3://b/k\"}}");
    assertThat(made.getSha256()).isEqualTo(Payloads.sha256(Payloads.bytes(made)));
  }
}
