package io.ligature.state.engine;

import io.ligature.avro.Payload;
import org.jspecify.annotations.Nullable;

/** What the engine reads; the shell answers from its store, null where there is no row. */
public interface Rows {

  @Nullable WorkflowRow workflow(String workflowId);

  @Nullable TaskRow task(String workflowId, String task);

  @Nullable Payload payload(String workflowId, Slot slot);
}
