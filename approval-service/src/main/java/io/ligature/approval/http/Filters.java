package io.ligature.approval.http;

import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.avro.Decision;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which reviews of a list are meant, as a query says it. */
public class Filters {

  private static final Set<String> NAMES =
      Set.of(
          "definition",
          "workflow",
          "task",
          "requester",
          "role",
          "claim",
          "decision",
          "reviewer",
          "expiresBefore");

  @Context @Nullable UriInfo address;

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

  /**
   * A parameter that nobody reads, or that is empty because a script's variable was, would make the
   * list longer than what was asked for, and with it what a batch decides.
   *
   * @param others that the request may have beside these
   */
  Filters only(String... others) {
    Set<String> known = new TreeSet<>(NAMES);
    known.addAll(Arrays.asList(others));
    if (address != null) {
      for (Map.Entry<String, List<String>> given : address.getQueryParameters().entrySet()) {
        if (!known.contains(given.getKey())) {
          throw Problem.invalid(
              "there is no parameter '" + given.getKey() + "' here; known are " + known);
        }
        if (given.getValue().size() > 1) {
          throw Problem.invalid(given.getKey() + ": give it once");
        }
        if (given.getValue().getFirst().isEmpty()) {
          throw Problem.invalid(given.getKey() + ": it is empty; give a value or leave it out");
        }
      }
    }
    return this;
  }

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
    put.accept("decision", known(decision));
    put.accept("reviewer", reviewer);
    put.accept("expiresBefore", checked(expiresBefore));
    return new ReviewFilter(scope, wanted, now);
  }

  private static @Nullable String known(@Nullable String decision) {
    if (decision != null
        && Arrays.stream(Decision.values()).noneMatch(each -> each.name().equals(decision))) {
      throw Problem.invalid(
          "decision: '"
              + decision
              + "' is none of "
              + Arrays.stream(Decision.values()).map(Enum::name).collect(Collectors.joining(", ")));
    }
    return decision;
  }

  private static @Nullable String checked(@Nullable String instant) {
    try {
      return instant == null ? null : Instant.parse(instant).toString();
    } catch (DateTimeParseException e) {
      throw Problem.invalid("expiresBefore: give an instant, as 2026-03-01T09:00:00Z");
    }
  }
}
