package io.ligature.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every record can be read by a version of itself that differs by a field with a default, and the
 * records of version 1, kept as files, can still be read.
 *
 * <p>A new record's golden sample is written with {@code -Dligature.golden.write=true}; a kept one
 * is never written again.
 */
class RecordEvolutionTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static List<Schema> records() {
    return Records.ALL;
  }

  @ParameterizedTest
  @MethodSource("records")
  void readsARecordThatHasAFieldMore(Schema record) throws Exception {
    Schema later = withField(record);
    FakeSchemaIds ids = new FakeSchemaIds();
    byte[] bytes = wire(ids.idOf(later), later);

    SpecificRecord read = new RecordCodec(ids).decode(bytes);

    assertThat(read.toString())
        .isEqualTo(GenericDataOf.model().toString(RecordSamples.sample(record, "record")));
  }

  @ParameterizedTest
  @MethodSource("records")
  void isReadByAVersionThatHasAFieldMore(Schema record) {
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(withField(record), record).getType())
        .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
  }

  @ParameterizedTest
  @MethodSource("records")
  void stillReadsTheRecordOfVersionOne(Schema record) throws Exception {
    Path schemaFile = GOLDEN.resolve(record.getName() + ".v1.avsc");
    Path bytesFile = GOLDEN.resolve(record.getName() + ".v1.hex");
    if (Boolean.getBoolean("ligature.golden.write") && !Files.exists(bytesFile)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(schemaFile, record.toString() + "\n");
      Files.writeString(bytesFile, HexFormat.of().formatHex(wire(1, record)) + "\n");
    }
    Schema written = new Schema.Parser().parse(Files.readString(schemaFile));
    FakeSchemaIds ids = new FakeSchemaIds();
    assertThat(ids.idOf(written)).isEqualTo(1);
    byte[] bytes =
        HexFormat.of().parseHex(Files.readString(bytesFile, StandardCharsets.UTF_8).strip());

    SpecificRecord read = new RecordCodec(ids).decode(bytes);

    for (Schema.Field field : written.getFields()) {
      Object value = read.get(read.getSchema().getField(field.name()).pos());
      assertThat(GenericDataOf.model().toString(value))
          .as(field.name())
          .startsWith(
              prefixOf(
                  GenericDataOf.model()
                      .toString(RecordSamples.sample(field.schema(), field.name()))));
    }
  }

  /** A nested record may have gained fields since; what stood first must still stand first. */
  private static String prefixOf(String json) {
    return json.replaceAll("[}\\]]+$", "");
  }

  private static Schema withField(Schema record) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      fields.add(new Schema.Field(field, field.schema()));
    }
    fields.add(new Schema.Field("addedLater", Schema.create(Schema.Type.STRING), "New.", "none"));
    return Schema.createRecord(
        record.getName(), record.getDoc(), record.getNamespace(), false, fields);
  }

  private static byte[] wire(int id, Schema schema) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(5).putInt(1, id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema, GenericDataOf.model())
        .write(RecordSamples.sample(schema, "record"), encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  /** Generic records with the logical types that ours use. */
  private static final class GenericDataOf {
    static GenericData model() {
      GenericData model = new GenericData();
      model.addLogicalTypeConversion(new Conversions.DecimalConversion());
      model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
      return model;
    }
  }
}
