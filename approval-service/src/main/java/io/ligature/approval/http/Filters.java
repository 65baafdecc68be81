package io.ligature.approval.http;

import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewScope;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which reviews of a list are meant, as a query says it. */
public class Filters {

  @QueryParam("definition")
  @Parameter(description = "Name of the workflow's definition")
  @Nullable String definition;

  @QueryParam("workflow")
  @Parameter(description = "Id of the workflow")
  @Nullable String workflow;

  @QueryParam("task")
  @Parameter(description = "Path of the task")
  @Nullable String task;

  @QueryParam("requester")
  @Parameter(description = "Who started the workflow")
  @Nullable String requester;

  @QueryParam("role")
  @Parameter(description = "A role whose holders may decide it")
  @Nullable String role;

  @QueryParam("claim")
  @Parameter(description = "Who has it; none: nobody")
  @Nullable String claim;

  @QueryParam("decision")
  @Parameter(description = "What was decided")
  @Nullable String decision;

  @QueryParam("reviewer")
  @Parameter(description = "Who decided")
  @Nullable String reviewer;

  @QueryParam("expiresBefore")
  @Parameter(description = "Whose wait ends before that instant")
  @Nullable String expiresBefore;

  ReviewFilter filter(ReviewScope scope, Instant now) {
    Map<String, String> wanted = new HashMap<>();
    BiConsumer<String, @Nullable String> put =
        (field, value) -> {
          if (value != null) {
            wanted.put(field, value);
          }
        };
    put.accept("definition", definition);
    put.accept("workflowId", workflow);
    put.accept("task", task);
    put.accept("requester", requester);
    put.accept("role", role);
    put.accept("claim", claim);
    put.accept("decision", decision);
    put.accept("reviewer", reviewer);
    put.accept("expiresBefore", checked(expiresBefore));
    return new ReviewFilter(scope, wanted, now);
  }

  private static @Nullable String checked(@Nullable String instant) {
    try {
      return instant == null ? null : Instant.parse(instant).toString();
    } catch (DateTimeParseException e) {
      throw Problem.invalid("expiresBefore: give an instant, as 2026-03-01T09:00:00Z");
    }
  }
}
