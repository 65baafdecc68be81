package io.ligature.state.engine.codec;

import io.ligature.avro.ParentLink;
import io.ligature.avro.PinnedDefinition;
import io.ligature.state.engine.WorkflowRow.Saga;
import io.ligature.state.engine.WorkflowRow.Signals;
import io.ligature.state.engine.WorkflowRow.Tree;
import io.ligature.state.engine.WorkflowStatus;

/** Parts of a workflow's header as bytes. */
final class HeaderParts {

  private HeaderParts() {}

  static void tree(RowWriter w, Tree tree) {
    w.optional(tree.parent(), HeaderParts::parent);
    w.all(tree.pins(), HeaderParts::pin);
    w.optionalText(tree.origin());
  }

  static Tree tree(RowReader in) {
    return new Tree(
        RowCodec.optional(in, HeaderParts::parent), in.all(HeaderParts::pin), in.optionalText());
  }

  private static void parent(RowWriter w, ParentLink parent) {
    w.text(parent.getWorkflowId()).text(parent.getRootWorkflowId()).text(parent.getTask());
    w.number(parent.getAttempt()).number(parent.getDepth());
  }

  private static ParentLink parent(RowReader in) {
    return new ParentLink(in.text(), in.text(), in.text(), in.count(), in.count());
  }

  private static void pin(RowWriter w, PinnedDefinition pin) {
    w.text(pin.getName());
    w.optional(pin.getAskedVersion(), (out, version) -> out.number(version));
    w.number(pin.getVersion()).text(pin.getSha256());
  }

  private static PinnedDefinition pin(RowReader in) {
    return new PinnedDefinition(
        in.text(), RowCodec.optional(in, RowReader::count), in.count(), in.text());
  }

  static void signals(RowWriter w, Signals signals) {
    w.all(
        signals.waits(),
        (out, wait) -> out.text(wait.task()).text(wait.name()).optionalText(wait.correlation()));
    w.all(
        signals.kept(),
        (out, kept) ->
            out.text(kept.commandId()).text(kept.name()).optionalText(kept.correlation()));
  }

  static Signals signals(RowReader in) {
    return new Signals(
        in.all(r -> new Signals.Wait(r.text(), r.text(), r.optionalText())),
        in.all(r -> new Signals.Kept(r.text(), r.text(), r.optionalText())));
  }

  static void saga(RowWriter w, Saga saga) {
    w.optionalText(saga.last());
    w.optional(
        saga.end(),
        (out, end) -> {
          out.text(end.status().name()).optionalText(end.task());
          RowCodec.failure(out, end.failure());
        });
  }

  static Saga saga(RowReader in) {
    return new Saga(
        in.optionalText(),
        RowCodec.optional(
            in,
            r ->
                new Saga.End(
                    WorkflowStatus.valueOf(r.text()), r.optionalText(), RowCodec.failure(r))));
  }
}
