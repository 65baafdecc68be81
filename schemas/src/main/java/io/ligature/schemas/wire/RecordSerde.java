package io.ligature.schemas.wire;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** A {@link RecordCodec} as a Kafka serde; a null value stays null (a tombstone). */
public final class RecordSerde implements Serde<SpecificRecord> {

  private final RecordCodec codec;

  public RecordSerde(RecordCodec codec) {
    this.codec = codec;
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return (topic, value) -> value == null ? null : codec.encode(value);
  }

  /** Throws Kafka's own exception on unreadable bytes: use it only where that cannot block. */
  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return (topic, bytes) -> bytes == null ? null : decode(topic, bytes);
  }

  private SpecificRecord decode(String topic, byte @Nullable [] bytes) {
    try {
      return codec.decode(bytes);
    } catch (UnreadableRecordException e) {
      throw new SerializationException(topic + ": " + e.getMessage(), e);
    }
  }
}
