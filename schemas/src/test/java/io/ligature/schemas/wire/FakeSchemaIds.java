package io.ligature.schemas.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Ids in memory: the position of the schema in the order of its first use, from 1. */
public final class FakeSchemaIds implements SchemaIds {

  private final List<Schema> schemas = new ArrayList<>();

  @Override
  public synchronized int idOf(Schema schema) {
    int known = schemas.indexOf(schema);
    if (known >= 0) {
      return known + 1;
    }
    schemas.add(schema);
    return schemas.size();
  }

  @Override
  public synchronized Schema writer(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new UnknownSchemaException("the registry knows no schema of content id " + id);
    }
    return schemas.get(id - 1);
  }
}
