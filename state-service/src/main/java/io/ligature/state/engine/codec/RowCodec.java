package io.ligature.state.engine.codec;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.Payload;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.AttemptRow;
import io.ligature.state.engine.AttemptRow.Details;
import io.ligature.state.engine.AttemptRow.Shadow;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Ledger;
import io.ligature.state.engine.ReviewRow;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.TaskRow.Inner;
import io.ligature.state.engine.TaskRow.JoinCount;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowRow.Counts;
import io.ligature.state.engine.WorkflowRow.Saga;
import io.ligature.state.engine.WorkflowRow.Signals;
import io.ligature.state.engine.WorkflowRow.Tree;
import io.ligature.state.engine.WorkflowStatus;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes: a version, then the fields. The ids stand in the row's key and are given back by
 * the caller.
 *
 * <p>A field is added behind the last one of its row, and read with {@link RowReader#hasMore}. The
 * version changes only with the meaning of what is there. A kept sample and its test hold this.
 */
public final class RowCodec {

  static final byte VERSION = 1;

  private RowCodec() {}

  public static byte[] encode(WorkflowRow row) {
    RowWriter w = begin();
    w.text(row.rootWorkflowId()).text(row.status().name());
    w.text(row.definition().name())
        .number(row.definition().version())
        .text(row.definition().sha256());
    w.text(row.requester()).text(row.tenant()).number(row.priority());
    w.all(
        new TreeMap<>(row.labels()).entrySet(),
        (out, label) -> out.text(label.getKey()).text(label.getValue()));
    w.instant(row.startedAt()).optionalInstant(row.endedAt()).optionalInstant(row.deadline());
    w.number(row.sequence());
    w.nested(row.ledger(), RowCodec::ledger);
    w.nested(
        row.counts(),
        (out, c) ->
            out.number(c.open())
                .number(c.succeeded())
                .number(c.failed())
                .number(c.skipped())
                .number(c.cancelled()));
    w.optional(row.failure(), RowCodec::failure).optionalText(row.failedTask());
    w.all(row.recentCommands(), RowWriter::text);
    w.nested(row.tree(), HeaderParts::tree);
    w.nested(row.signals(), HeaderParts::signals);
    w.nested(row.saga(), HeaderParts::saga);
    w.number(row.waiting());
    return w.bytes();
  }

  public static WorkflowRow decodeWorkflow(String workflowId, byte[] bytes) {
    return read("header of " + workflowId, bytes, in -> workflow(workflowId, in));
  }

  private static WorkflowRow workflow(String workflowId, RowReader in) {
    return new WorkflowRow(
        workflowId,
        in.text(),
        WorkflowStatus.valueOf(in.text()),
        new DefinitionRef(in.text(), in.count(), in.text()),
        in.text(),
        in.text(),
        in.count(),
        labels(in),
        in.instant(),
        in.optionalInstant(),
        in.optionalInstant(),
        in.number(),
        in.nested(RowCodec::ledger),
        in.nested(r -> new Counts(r.count(), r.count(), r.count(), r.count(), r.count())),
        optional(in, RowCodec::failure),
        in.optionalText(),
        in.all(RowReader::text),
        in.hasMore() ? in.nested(HeaderParts::tree) : Tree.ALONE,
        in.hasMore() ? in.nested(HeaderParts::signals) : Signals.NONE,
        in.hasMore() ? in.nested(HeaderParts::saga) : Saga.NONE,
        in.hasMore() ? in.count() : 0);
  }

  private static Map<String, String> labels(RowReader in) {
    Map<String, String> labels = new TreeMap<>();
    int size = in.count();
    for (int i = 0; i < size; i++) {
      labels.put(in.text(), in.text());
    }
    return Map.copyOf(labels);
  }

  private static void ledger(RowWriter w, Ledger ledger) {
    w.optional(ledger.maxCost(), RowCodec::money);
    w.text(ledger.onExceeded().name());
    w.number(ledger.spent().micros()).number(ledger.held().micros());
  }

  private static Ledger ledger(RowReader in) {
    return new Ledger(
        optional(in, RowCodec::money), OnExceeded.valueOf(in.text()), money(in), money(in));
  }

  public static byte[] encode(TaskRow row) {
    RowWriter w = begin();
    w.nested(row.state(), TaskStates::write);
    w.number(row.join().succeeded()).number(row.join().failed()).number(row.join().skipped());
    w.number(row.attempt()).number(row.held().micros());
    w.all(row.excludedAgents(), RowWriter::text);
    w.all(row.attempts(), (out, attempt) -> out.nested(attempt, RowCodec::attempt));
    w.all(
        row.failures().entrySet(),
        (out, count) -> out.text(count.getKey().wireName()).number(count.getValue()));
    w.number(row.reviews());
    w.optional(row.review(), (out, review) -> out.nested(review, RowCodec::review));
    w.all(row.feedback(), RowWriter::text);
    w.optionalInstant(row.deadline());
    w.optional(row.inner(), (out, inner) -> out.nested(inner, RowCodec::inner));
    w.optional(row.share(), (out, share) -> out.nested(share, RowCodec::ledger));
    w.optionalText(row.undoNext()).flag(row.ownInput()).optionalText(row.outputSchema());
    return w.bytes();
  }

  public static TaskRow decodeTask(String workflowId, String task, byte[] bytes) {
    return read(
        "task " + task + " of " + workflowId,
        bytes,
        in ->
            new TaskRow(
                workflowId,
                task,
                in.nested(TaskStates::read),
                new JoinCount(in.count(), in.count(), in.count()),
                in.count(),
                money(in),
                in.all(RowReader::text),
                in.all(r -> r.nested(RowCodec::attempt)),
                failures(in),
                in.count(),
                optional(in, r -> r.nested(RowCodec::review)),
                in.all(RowReader::text),
                in.hasMore() ? in.optionalInstant() : null,
                in.hasMore() ? optional(in, r -> r.nested(RowCodec::inner)) : null,
                in.hasMore() ? optional(in, r -> r.nested(RowCodec::ledger)) : null,
                in.hasMore() ? in.optionalText() : null,
                in.hasMore() && in.flag(),
                in.hasMore() ? in.optionalText() : null));
  }

  private static void inner(RowWriter w, Inner inner) {
    w.number(inner.size()).number(inner.started());
    w.number(inner.succeeded()).number(inner.failed());
    w.number(inner.skipped()).number(inner.cancelled());
    w.optional(inner.branch(), (out, branch) -> out.number(branch));
    w.optional(inner.worst(), (out, grade) -> out.text(grade.name()));
  }

  private static Inner inner(RowReader in) {
    return new Inner(
        in.count(),
        in.count(),
        in.count(),
        in.count(),
        in.count(),
        in.count(),
        optional(in, RowReader::count),
        optional(in, r -> Grade.valueOf(r.text())));
  }

  private static Map<ErrorKind, Integer> failures(RowReader in) {
    int size = in.count();
    Map<ErrorKind, Integer> counts = new EnumMap<>(ErrorKind.class);
    for (int i = 0; i < size; i++) {
      String kind = in.text();
      int count = in.count();
      ErrorKind.ofWireName(kind).ifPresent(known -> counts.put(known, count));
    }
    return counts;
  }

  private static void attempt(RowWriter w, AttemptRow row) {
    w.number(row.number()).optionalText(row.agent());
    w.optional(row.failure(), RowCodec::failure);
    w.number(row.charged().micros()).flag(row.costKnown()).flag(row.resultSeen());
    w.optional(row.confidence(), RowWriter::real).optionalText(row.model());
    w.optional(row.grade(), (out, grade) -> out.text(grade.name()));
    w.instant(row.startedAt()).optionalInstant(row.endedAt());
    if (!row.details().equals(Details.NONE)) {
      w.nested(row.details(), RowCodec::details);
    }
  }

  private static AttemptRow attempt(RowReader in) {
    return new AttemptRow(
        in.count(),
        in.optionalText(),
        optional(in, RowCodec::failure),
        money(in),
        in.flag(),
        in.flag(),
        in.optionalReal(),
        in.optionalText(),
        optional(in, r -> Grade.valueOf(r.text())),
        in.instant(),
        in.optionalInstant(),
        in.hasMore() ? in.nested(RowCodec::details) : Details.NONE);
  }

  private static void details(RowWriter w, Details details) {
    w.number(details.millis()).optional(details.calibratedConfidence(), RowWriter::real);
    w.all(details.repairs(), RowWriter::text).optionalText(details.servedFrom());
    w.optional(details.inputTokens(), RowWriter::number);
    w.optional(details.score(), RowWriter::real);
    w.all(
        details.shadows(),
        (out, shadow) -> out.text(shadow.agent()).optional(shadow.agrees(), RowWriter::flag));
  }

  private static Details details(RowReader in) {
    return new Details(
        in.number(),
        in.optionalReal(),
        in.all(RowReader::text),
        in.optionalText(),
        optional(in, RowReader::number),
        in.optionalReal(),
        in.all(r -> new Shadow(r.text(), optional(r, RowReader::flag))));
  }

  private static void review(RowWriter w, ReviewRow row) {
    w.text(row.reviewId()).text(row.role()).instant(row.requestedAt());
    w.optional(row.decision(), (out, decision) -> out.text(decision.name()));
    w.optionalText(row.decisionId()).optionalText(row.reviewer()).optionalText(row.reason());
    w.optionalInstant(row.decidedAt());
  }

  private static ReviewRow review(RowReader in) {
    return new ReviewRow(
        in.text(),
        in.text(),
        in.instant(),
        optional(in, r -> Decision.valueOf(r.text())),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalInstant());
  }

  public static byte[] encode(Payload payload) {
    RowWriter w = begin().text(payload.getContentType()).number(payload.getSize());
    w.text(payload.getSha256()).optionalText(payload.getReference());
    if (payload.getInline() != null) {
      w.raw(Payloads.bytes(payload));
    }
    return w.bytes();
  }

  public static Payload decodePayload(byte[] bytes) {
    return read(
        "payload",
        bytes,
        in -> {
          String contentType = in.text();
          long size = in.number();
          String sha256 = in.text();
          String reference = in.optionalText();
          ByteBuffer inline = in.hasMore() ? ByteBuffer.wrap(in.raw()) : null;
          return new Payload(contentType, size, sha256, inline, reference);
        });
  }

  static void failure(RowWriter w, Failure failure) {
    w.text(failure.getKind()).text(failure.getMessage());
    w.optional(failure.getRetryAfter(), RowWriter::number).flag(failure.getPossiblyBilled());
  }

  static Failure failure(RowReader in) {
    return new Failure(in.text(), in.text(), optional(in, RowReader::number), in.flag());
  }

  private static void money(RowWriter w, Money money) {
    w.number(money.micros());
  }

  private static Money money(RowReader in) {
    return new Money(in.number());
  }

  static <T> @Nullable T optional(RowReader in, Function<RowReader, T> read) {
    return in.flag() ? read.apply(in) : null;
  }

  private static RowWriter begin() {
    return new RowWriter().number(VERSION);
  }

  private static <T> T read(String what, byte[] bytes, Function<RowReader, T> read) {
    RowReader in = new RowReader(ByteBuffer.wrap(bytes));
    try {
      long version = in.number();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "the " + what + " has version " + version + ", this program reads " + VERSION);
      }
      return read.apply(in);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("the " + what + " ends too early", e);
    }
  }
}
