package io.ligature.local.client;

/** Views as the state-service gives them. */
final class ViewSamples {

  static final String RUNNING =
      """
      {"workflowId": "w-1", "definition": "research-report", "version": 2, "status": "running",
       "requester": "ada", "startedAt": "2026-03-01T10:00:00Z", "sequence": 12,
       "budget": {"maxCost": "0.50", "spent": "0.02", "held": "0.05", "remaining": "0.43",
                  "onExceeded": "fail", "currency": "USD"},
       "tasks": [
         {"task": "research", "status": "succeeded", "agent": "search-bm25", "confidence": 0.8312,
          "cost": "0.02", "duration": "PT0.123S", "attempts": [{"number": 1}, {"number": 2}]},
         {"task": "summarise", "status": "waiting_for_agent", "reason": "all at their limit",
          "cost": "0.00", "attempts": [{"number": 1}]},
         {"task": "gate", "status": "waiting_for_review", "cost": "0.00", "attempts": [],
          "review": {"reviewId": "w-1:gate:1", "role": "editor"}},
         {"task": "report", "status": "pending", "cost": "0.00", "attempts": []}]}
      """;

  static final String COMPLETED =
      """
      {"workflowId": "w-1", "definition": "research-report", "version": 2, "status": "completed",
       "sequence": 20, "output": {"markdown": "# Report"},
       "budget": {"spent": "0.03", "held": "0.00", "currency": "USD"},
       "tasks": [
         {"task": "gate", "status": "succeeded", "cost": "0.00", "duration": "PT2M5.4S",
          "attempts": [],
          "review": {"reviewId": "w-1:gate:1", "role": "editor", "decision": "approve",
                     "reviewer": "rita"}}]}
      """;

  static final String FAILED =
      """
      {"workflowId": "w-1", "definition": "research-report", "version": 2, "status": "failed",
       "sequence": 20, "budget": {"spent": "0.03", "held": "0.00", "currency": "USD"}, "tasks": [],
       "failure": {"task": "research", "kind": "no_agent", "message": "none can search"}}
      """;

  static final String REFUSED =
      """
      {"workflowId": "w-1", "definition": "research-report", "version": 0, "status": "refused",
       "sequence": 1, "budget": {"spent": "0.00", "held": "0.00", "currency": "USD"}, "tasks": [],
       "failure": {"kind": "invalid_input", "message": "input: 'topic' is missing"}}
      """;

  private ViewSamples() {}
}
