package io.ligature.state.engine;

import io.ligature.avro.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows a transition changed, each once and in a fixed order. */
public record Changes(
    List<WorkflowRow> workflows, List<TaskRow> tasks, List<PayloadChange> payloads) {

  public static final Changes NONE = new Changes(List.of(), List.of(), List.of());

  /**
   * @param payload null: the row is deleted
   */
  public record PayloadChange(String workflowId, Slot slot, @Nullable Payload payload) {}
}
