package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The list of reviews as it changes. */
@Path("/review-events")
@Tag(name = "reviews")
@Authenticated
public class LiveResource {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_BEHIND = 1_000;

  private final ReviewRuntime reviews;
  private final SecurityIdentity identity;

  public LiveResource(ReviewRuntime reviews, SecurityIdentity identity) {
    this.reviews = reviews;
    this.identity = identity;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Watch the reviews you may see, from now on",
      description =
          "Events are called as the entries of the trail (opened, claimed, voted, decided, …); each"
              + " carries the review as lists show it from then on. Read the list after you"
              + " connected. A client that falls far behind is cut off and connects again.")
  @APIResponse(responseCode = "200", description = "Server-sent events: {kind, number, review}")
  @APIResponse(responseCode = "400", description = "A parameter is wrong or not known")
  public Multi<OutboundSseEvent> watch(@BeanParam Filters filters, @Context Sse sse) {
    Person caller = Person.of(identity);
    ReviewFilter filter = filters.only().filter(caller.scope(), Instant.now());
    Multi<OutboundSseEvent> entries =
        Multi.createFrom()
            .<OutboundSseEvent>emitter(
                emitter -> {
                  Runnable stop =
                      reviews.listen(
                          entry -> event(entry, caller, filter, sse).ifPresent(emitter::emit));
                  emitter.onTermination(stop);
                },
                BackPressureStrategy.IGNORE)
            .onOverflow()
            .buffer(MOST_BEHIND);
    Multi<OutboundSseEvent> beats =
        Multi.createFrom()
            .ticks()
            .every(HEARTBEAT)
            .onOverflow()
            .drop()
            .map(beat -> sse.newEventBuilder().comment("here").build());
    return Multi.createBy().merging().streams(entries, beats);
  }

  private static Optional<OutboundSseEvent> event(
      ReviewTrailEntry entry, Person caller, ReviewFilter filter, Sse sse) {
    if (!entry.getTenant().equals(caller.tenant())) {
      return Optional.empty();
    }
    try {
      ObjectNode review = (ObjectNode) Payloads.JSON.readTree(entry.getSummary());
      ReviewSummary summary = new ReviewSummary("", review);
      if (!filter.test(summary)) {
        return Optional.empty();
      }
      ObjectNode data =
          Payloads.JSON
              .createObjectNode()
              .put("kind", entry.getKind())
              .put("number", entry.getNumber());
      data.set("review", review);
      return Optional.of(
          sse.newEventBuilder()
              .id(entry.getReviewId() + "/" + entry.getNumber())
              .name(entry.getKind())
              .data(data.toString())
              .build());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the summary of an entry is not JSON", e);
    }
  }
}
