package io.ligature.schemas.wire;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * One full sample of any of our records, made from its schema alone: every optional field is set,
 * every collection has one entry, every value follows from the field's name.
 */
final class RecordSamples {

  private static final BigDecimal AMOUNT = new BigDecimal("1.234567");
  private static final Instant INSTANT = Instant.parse("2026-01-02T03:04:05.678Z");

  private RecordSamples() {}

  static Object sample(Schema schema, String name) {
    if (schema.getLogicalType() != null) {
      return schema.getLogicalType().getName().equals("decimal") ? AMOUNT : INSTANT;
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema);
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getLast());
      case ARRAY -> new ArrayList<>(List.of(sample(schema.getElementType(), name)));
      case MAP -> new LinkedHashMap<>(Map.of(name, sample(schema.getValueType(), name)));
      case UNION -> sample(schema.getTypes().getLast(), name);
      case STRING -> "the " + name;
      case BYTES -> ByteBuffer.wrap(new byte[] {1, 2, 3});
      case INT -> name.length();
      case LONG -> 1_000_000_000_000L + name.length();
      case DOUBLE -> 0.75;
      case BOOLEAN -> true;
      case NULL, FLOAT, FIXED ->
          throw new IllegalArgumentException("no record of ours has a " + schema);
    };
  }

  private static GenericData.Record record(Schema schema) {
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), sample(field.schema(), field.name()));
    }
    return record;
  }
}
