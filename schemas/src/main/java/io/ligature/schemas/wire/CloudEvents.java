package io.ligature.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 attributes in Kafka's binary content mode: one header each, and the trace context
 * of the W3C beside them.
 */
public final class CloudEvents {

  public static final String TRACEPARENT = "traceparent";

  private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
  private static final Header CONTENT_TYPE = header("content-type", "application/avro");

  private CloudEvents() {}

  /**
   * @param id unique for this source; a deterministic one makes duplicates visible
   * @param source service that writes, for example {@code /state-service}
   * @param subject workflow id
   */
  public static List<Header> headers(
      String id,
      SpecificRecord record,
      String source,
      Instant time,
      String subject,
      @Nullable String traceparent) {
    List<Header> headers = new ArrayList<>(8);
    headers.add(SPEC_VERSION);
    headers.add(header("ce_id", id));
    headers.add(header("ce_type", record.getSchema().getFullName()));
    headers.add(header("ce_source", source));
    headers.add(header("ce_time", time.toString()));
    headers.add(header("ce_subject", subject));
    headers.add(CONTENT_TYPE);
    if (traceparent != null) {
      headers.add(header(TRACEPARENT, traceparent));
    }
    return headers;
  }

  /** The last header of that name as text; null when there is none. */
  public static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
