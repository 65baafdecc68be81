package io.ligature.state.engine.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row field by field. Nested rows carry their length, so that a field can be added behind
 * the last one of any of them: a reader that comes to the end takes the field's default.
 */
final class RowWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  byte[] bytes() {
    return out.toByteArray();
  }

  RowWriter number(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  RowWriter flag(boolean value) {
    out.write(value ? 1 : 0);
    return this;
  }

  RowWriter raw(byte[] bytes) {
    number(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  RowWriter text(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_8));
  }

  RowWriter optionalText(@Nullable String value) {
    return optional(value, RowWriter::text);
  }

  RowWriter instant(Instant value) {
    return number(value.toEpochMilli());
  }

  RowWriter optionalInstant(@Nullable Instant value) {
    return optional(value, RowWriter::instant);
  }

  RowWriter real(double value) {
    return number(Double.doubleToRawLongBits(value));
  }

  <T> RowWriter optional(@Nullable T value, BiConsumer<RowWriter, T> write) {
    flag(value != null);
    if (value != null) {
      write.accept(this, value);
    }
    return this;
  }

  <T> RowWriter all(Collection<T> values, BiConsumer<RowWriter, T> write) {
    number(values.size());
    for (T value : values) {
      write.accept(this, value);
    }
    return this;
  }

  /** A row within the row. */
  <T> RowWriter nested(T value, BiConsumer<RowWriter, T> write) {
    RowWriter inner = new RowWriter();
    write.accept(inner, value);
    return raw(inner.bytes());
  }
}
