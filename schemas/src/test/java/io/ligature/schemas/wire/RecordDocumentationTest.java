package io.ligature.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Every record and every field says what it is. */
class RecordDocumentationTest {

  @Test
  void everyRecordAndFieldIsDocumented() {
    List<String> silent = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Records.ALL.forEach(schema -> collect(schema, seen, silent));

    assertThat(silent).isEmpty();
    assertThat(seen).hasSizeGreaterThan(Records.ALL.size());
  }

  @Test
  void aSilentFieldIsFound() {
    Schema silent =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "A", "doc": "An A.",
                 "fields": [{"name": "f", "type": "int"}]}""");
    List<String> found = new ArrayList<>();

    collect(silent, new HashSet<>(), found);

    assertThat(found).containsExactly("A.f");
  }

  private static void collect(Schema schema, Set<String> seen, List<String> silent) {
    switch (schema.getType()) {
      case RECORD -> {
        if (!seen.add(schema.getFullName())) {
          return;
        }
        if (schema.getDoc() == null) {
          silent.add(schema.getName());
        }
        for (Schema.Field field : schema.getFields()) {
          if (field.doc() == null) {
            silent.add(schema.getName() + "." + field.name());
          }
          collect(field.schema(), seen, silent);
        }
      }
      case UNION -> schema.getTypes().forEach(type -> collect(type, seen, silent));
      case ARRAY -> collect(schema.getElementType(), seen, silent);
      case MAP -> collect(schema.getValueType(), seen, silent);
      default -> {}
    }
  }
}
