package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Rows that were read from a store, here or on another instance. */
final class FetchedRows implements ReadOnlyKeyValueStore<String, byte[]> {

  private final NavigableMap<String, byte[]> rows;

  private FetchedRows(NavigableMap<String, byte[]> rows) {
    this.rows = rows;
  }

  static FetchedRows read(ReadOnlyKeyValueStore<String, byte[]> store, RowsQuestion question) {
    NavigableMap<String, byte[]> rows = new TreeMap<>();
    for (RowsQuestion.Range range : question.ranges()) {
      try (KeyValueIterator<String, byte[]> found = store.range(range.from(), range.to())) {
        found.forEachRemaining(row -> rows.put(row.key, row.value));
      }
    }
    return new FetchedRows(rows);
  }

  ObjectNode json() {
    ObjectNode json = Payloads.JSON.createObjectNode();
    ObjectNode all = json.putObject("rows");
    rows.forEach(all::put);
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static FetchedRows of(JsonNode json) {
    if (!(json.path("rows") instanceof ObjectNode all)) {
      throw new IllegalArgumentException("expected 'rows' as an object, found none");
    }
    NavigableMap<String, byte[]> rows = new TreeMap<>();
    for (Map.Entry<String, JsonNode> row : all.properties()) {
      try {
        rows.put(row.getKey(), row.getValue().binaryValue());
      } catch (IOException e) {
        throw new IllegalArgumentException("expected a row in Base64", e);
      }
    }
    return new FetchedRows(rows);
  }

  @Override
  public byte @Nullable [] get(String key) {
    return rows.get(key);
  }

  @Override
  public KeyValueIterator<String, byte[]> range(String from, String to) {
    return new Rows(rows.subMap(from, true, to, true));
  }

  @Override
  public KeyValueIterator<String, byte[]> all() {
    return new Rows(rows);
  }

  @Override
  public long approximateNumEntries() {
    return rows.size();
  }

  private static final class Rows implements KeyValueIterator<String, byte[]> {

    private final Iterator<Map.Entry<String, byte[]>> entries;

    Rows(NavigableMap<String, byte[]> rows) {
      this.entries = rows.entrySet().iterator();
    }

    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public KeyValue<String, byte[]> next() {
      Map.Entry<String, byte[]> entry = entries.next();
      return KeyValue.pair(entry.getKey(), entry.getValue());
    }

    @Override
    public String peekNextKey() {
      throw new UnsupportedOperationException("nobody looks ahead");
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
