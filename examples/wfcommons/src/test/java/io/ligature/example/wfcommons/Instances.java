package io.ligature.example.wfcommons;

/** Small instances in the shape that recorded ones have. */
final class Instances {

  /** Split, two searches side by side, gather; with all that recorded instances hold besides. */
  static final String SEARCH =
      """
      {
        "name": "search-small",
        "description": "written for this test",
        "createdAt": "2026-01-01T00:00:00.000000",
        "schemaVersion": "1.5",
        "author": {"name": "someone", "email": "someone@example.org"},
        "workflow": {
          "specification": {
            "tasks": [
              {"name": "split", "id": "split_ID01", "parents": [],
               "children": ["search_ID02", "search_ID03"],
               "inputFiles": ["all.txt"], "outputFiles": ["part.0", "part.1"]},
              {"name": "search", "id": "search_ID02", "parents": ["split_ID01"],
               "children": ["gather_ID04"], "inputFiles": ["part.0"], "outputFiles": ["hits.0"]},
              {"name": "search", "id": "search_ID03", "parents": ["split_ID01"],
               "children": ["gather_ID04"], "inputFiles": ["part.1"], "outputFiles": ["hits.1"]},
              {"name": "gather", "id": "gather_ID04", "parents": ["search_ID02", "search_ID03"],
               "children": []}
            ],
            "files": [{"id": "all.txt", "sizeInBytes": 1000}]
          },
          "execution": {
            "makespanInSeconds": 61.5,
            "executedAt": "2026-01-01T00:00:00Z",
            "tasks": [
              {"id": "split_ID01", "runtimeInSeconds": 1.25, "coreCount": 1,
               "command": {"program": "split", "arguments": ["-n", "2"]}, "machines": ["one"]},
              {"id": "search_ID02", "runtimeInSeconds": 60.0496, "avgCPU": 99.1},
              {"id": "search_ID03", "runtimeInSeconds": 42, "priority": 20},
              {"id": "gather_ID04", "runtimeInSeconds": 0.0004}
            ],
            "machines": [{"nodeName": "one", "cpu": {"coreCount": 4}}]
          }
        },
        "runtimeSystem": {"name": "none", "version": "1"}
      }
      """;

  private Instances() {}

  /** Of tasks and executions, each the inside of a JSON list, with single quotes. */
  static String of(String tasks, String executions) {
    return "{'name':'x','schemaVersion':'1.5','workflow':{'specification':{'tasks':[%s]},'execution':{'tasks':[%s]}}}"
        .formatted(tasks, executions)
        .replace('\'', '"');
  }

  /** Of tasks alone, without an execution. */
  static String of(String tasks) {
    return "{'name':'x','schemaVersion':'1.5','workflow':{'specification':{'tasks':[%s]}}}"
        .formatted(tasks)
        .replace('\'', '"');
  }
}
