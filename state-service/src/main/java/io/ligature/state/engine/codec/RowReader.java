package io.ligature.state.engine.codec;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RowWriter} wrote, also by a version that knew fewer fields. */
final class RowReader {

  private final ByteBuffer in;

  RowReader(ByteBuffer in) {
    this.in = in;
  }

  /** False where an older version wrote nothing more: the field has its default. */
  boolean hasMore() {
    return in.hasRemaining();
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits at " + in.position());
  }

  int count() {
    return Math.toIntExact(number());
  }

  boolean flag() {
    return in.get() != 0;
  }

  byte[] raw() {
    int length = count();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  String text() {
    return new String(raw(), StandardCharsets.UTF_8);
  }

  @Nullable String optionalText() {
    return flag() ? text() : null;
  }

  Instant instant() {
    return Instant.ofEpochMilli(number());
  }

  @Nullable Instant optionalInstant() {
    return flag() ? instant() : null;
  }

  double real() {
    return Double.longBitsToDouble(number());
  }

  @Nullable Double optionalReal() {
    return flag() ? real() : null;
  }

  <T> List<T> all(Function<RowReader, T> read) {
    int size = count();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(read.apply(this));
    }
    return List.copyOf(values);
  }

  <T> T nested(Function<RowReader, T> read) {
    return read.apply(new RowReader(ByteBuffer.wrap(raw())));
  }
}
