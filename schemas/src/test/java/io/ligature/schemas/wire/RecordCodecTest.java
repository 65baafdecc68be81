package io.ligature.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.CancelWorkflow;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  private static final CancelWorkflow CANCEL =
      new CancelWorkflow("c-1", "w-1", "ada", "no longer needed", Instant.EPOCH, false);

  private final FakeSchemaIds ids = new FakeSchemaIds();
  private final RecordCodec codec = new RecordCodec(ids);

  @Test
  void readsWhatItWrote() throws Exception {
    assertThat(codec.decode(codec.encode(CANCEL))).isEqualTo(CANCEL);
  }

  @Test
  void writesAZeroByteAndTheContentIdFirst() {
    byte[] bytes = codec.encode(CANCEL);

    assertThat(Arrays.copyOf(bytes, 5))
        .isEqualTo(
            ByteBuffer.allocate(5).putInt(1, ids.idOf(CancelWorkflow.getClassSchema())).array());
  }

  @Test
  void refusesNoValue() {
    assertThatThrownBy(() -> codec.decode(null))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("the record has no value");
  }

  @Test
  void refusesAnotherWireFormat() {
    assertThatThrownBy(
            () -> codec.decode("{\"json\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage(
            "not in the registry's wire format (a zero byte and a 4-byte content id): 11 bytes, the"
                + " first is 123");
  }

  @Test
  void refusesAnUnknownContentId() {
    byte[] bytes = ByteBuffer.allocate(9).putInt(1, 77).array();

    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("content id 77 is unknown to the registry");
  }

  @Test
  void refusesARecordNoTopicCarries() {
    Schema foreign = SchemaBuilder.record("Foreign").namespace("com.example").fields().endRecord();
    byte[] bytes = ByteBuffer.allocate(9).putInt(1, ids.idOf(foreign)).array();

    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("content id 1 is a com.example.Foreign, which no topic here carries");
  }

  @Test
  void refusesTruncatedBytes() {
    byte[] bytes = codec.encode(CANCEL);

    for (int length = 5; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(truncated))
          .as("cut to %d bytes", length)
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("io.ligature.avro.CancelWorkflow");
    }
  }

  @Test
  void refusesBytesBehindTheRecord() {
    byte[] bytes = codec.encode(CANCEL);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);

    assertThatThrownBy(() -> codec.decode(longer))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("bytes are left behind the io.ligature.avro.CancelWorkflow");
  }

  @Test
  void refusesALengthNoRecordCanHaveWithoutAllocatingIt() {
    byte[] bytes =
        ByteBuffer.allocate(10)
            .putInt(1, ids.idOf(CancelWorkflow.getClassSchema()))
            .put(5, new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f})
            .array();

    assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(UnreadableRecordException.class);
  }
}
