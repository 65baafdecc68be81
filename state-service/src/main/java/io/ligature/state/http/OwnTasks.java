package io.ligature.state.http;

import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.TaskState;
import io.ligature.state.stream.WorkflowQueries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workflow with the rows of its definition's own tasks. Of those inside of others there may be
 * many: they are passed over page by page, so that never all are in memory.
 *
 * @param found with a first page of rows
 * @param rows by the tasks' names; a pending one need not have any
 */
record OwnTasks(WorkflowQueries.Found found, Map<String, TaskRow> rows) {

  private static final int ROWS_AT_ONCE = 1_000;

  static Optional<OwnTasks> of(WorkflowQueries queries, String id) {
    return queries.find(id, null, ROWS_AT_ONCE).map(first -> of(queries, id, first));
  }

  private static OwnTasks of(WorkflowQueries queries, String id, WorkflowQueries.FoundPage first) {
    Plan plan = first.found().plan();
    Map<String, TaskRow> own = new HashMap<>();
    if (plan == null) {
      return new OwnTasks(first.found(), own);
    }
    Map<String, TaskDefinition> tasks = plan.definition().tasks();
    keep(first.found().tasks(), tasks, own);
    String next = first.next();
    while (next != null) {
      WorkflowQueries.TaskPage page = queries.tasks(id, next, ROWS_AT_ONCE);
      keep(page.tasks(), tasks, own);
      next = page.next();
    }
    return new OwnTasks(first.found(), own);
  }

  Map<String, TaskState> states() {
    Map<String, TaskState> states = new HashMap<>();
    rows.forEach((task, row) -> states.put(task, row.state()));
    return states;
  }

  private static void keep(
      List<TaskRow> rows, Map<String, TaskDefinition> tasks, Map<String, TaskRow> own) {
    for (TaskRow row : rows) {
      if (tasks.containsKey(row.task())) {
        own.put(row.task(), row);
      }
    }
  }
}
