package io.ligature.approval.inbox;

import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.Source;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.inbox.TogetherScreen.Result;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * One decision about what a filter shows. The question lists the reviews, and those that stay
 * ticked are decided as they were listed: what comes or changes in between is left alone. Each is
 * decided and recorded by itself.
 */
@Path("/inbox/together/{action: approve|reject}")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class TogetherResource {

  private final Desk desk;
  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final PageFrames frames;
  private final Masking masking;
  private final SecurityIdentity identity;
  private final Clock clock = Clock.systemUTC();

  public TogetherResource(
      Desk desk,
      ReviewRuntime reviews,
      ApprovalSettings settings,
      PageFrames frames,
      Masking masking,
      SecurityIdentity identity) {
    this.desk = desk;
    this.reviews = reviews;
    this.settings = settings;
    this.frames = frames;
    this.masking = masking;
    this.identity = identity;
  }

  @GET
  @Operation(hidden = true)
  public Response ask(
      @PathParam("action") String action,
      @QueryParam("q") @Nullable String text,
      @QueryParam("due") @Nullable String due,
      @QueryParam("mine") boolean mine,
      @QueryParam("held") @Nullable String held) {
    Person person = Person.of(identity);
    Instant now = clock.instant();
    Act act = Act.of(action);
    ListQuery query = ListQuery.of("open", text, due, mine, held);
    ReviewFilter listed = query.filter(person, now);
    ReviewPage found =
        reviews.list(
            ReviewSummary.Status.OPEN,
            null,
            new ReviewFilter(
                person.scope().reaching(ReviewScope.Reach.DECIDABLE), listed.wanted(), now),
            settings.maxBatch());
    List<ListScreen.Row> rows =
        found.reviews().stream()
            .filter(summary -> isTaken(person, summary, act))
            .map(each -> ListScreen.Row.of(each, person, now))
            .toList();
    return question(200, act, rows, found.next() != null, query.address(null), "", newKey(), "");
  }

  private boolean isTaken(Person person, ReviewSummary summary, Act act) {
    return reviews
        .find(summary.content().path("reviewId").asText())
        .filter(review -> desk.objection(person, review, wish(act, "because")).isEmpty())
        .isPresent();
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response decide(@PathParam("action") String action, String body) {
    Posted posted = frames.posted(body);
    Act act = Act.of(action);
    Person person = Person.of(identity);
    String key = posted.key();
    List<Ticked> ticked = posted.all("review").stream().map(Ticked::read).distinct().toList();
    if (ticked.isEmpty()) {
      throw PageProblem.invalid("No review was ticked, so nothing was done.");
    }
    if (ticked.size() > settings.maxBatch()) {
      throw PageProblem.invalid("Decide at most " + settings.maxBatch() + " reviews together.");
    }
    String reason = posted.text("reason").replace("\r\n", "\n").strip();
    String error = problem(act, reason);
    if (!error.isEmpty()) {
      List<ListScreen.Row> rows = ticked.stream().flatMap(each -> row(person, each)).toList();
      return question(422, act, rows, false, "/inbox", reason, key, error);
    }
    String client = frames.client();
    List<Result> results =
        all(ticked, each -> decide(person, each, wish(act, reason), key, client));
    var screen = new TogetherScreen.Results(act.word(), results);
    return frames.page(200, "What came of it", frame -> Pages.results(frame, screen));
  }

  /** At once, so that they share the commits of the fold. */
  private static List<Result> all(List<Ticked> ticked, Function<Ticked, Result> decide) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Result>> results =
          ticked.stream()
              .map(each -> CompletableFuture.supplyAsync(() -> decide.apply(each), threads))
              .toList();
      return results.stream().map(CompletableFuture::join).toList();
    }
  }

  private Result decide(Person person, Ticked ticked, Wish wish, String key, String client) {
    try {
      Optional<Review> review =
          reviews.find(ticked.id()).filter(person::belongsWith).filter(person::maySee);
      if (review.isEmpty()) {
        desk.turnedDown(person, ticked.id(), wish.word(), client, new Refusal.Unknown(ticked.id()));
        return unknown(ticked.id(), "There is no such review.");
      }
      Source source = new Source(partOf(key, ticked.id()), ticked.version(), client, null);
      return result(review.get(), desk.take(person, review.get(), wish, source));
    } catch (UnavailableException e) {
      return unknown(ticked.id(), "Not now: " + e.problem());
    }
  }

  private static Result unknown(String id, String words) {
    return new Result(Screens.path(id), Labels.of(id), "", words, "bad");
  }

  private static Result result(Review review, Optional<Outcome> outcome) {
    if (outcome.isEmpty()) {
      return result(review, "Stored; it has not taken effect yet", "neutral");
    }
    return switch (outcome.get()) {
      case Outcome.Accepted(var decision) ->
          result(review, Screens.title(decision.getDecision()), "good");
      case Outcome.Repeated(var decision) ->
          result(review, Screens.title(decision.getDecision()), "good");
      case Outcome.Noted(long version, String standing) -> result(review, standing, "neutral");
      case Outcome.Refused(var refusal) ->
          result(review, "Left alone: " + Offering.words(refusal), "bad");
    };
  }

  private static Result result(Review review, String words, String tone) {
    NeedsReview request = review.request();
    return new Result(
        Screens.path(request.getReviewId()),
        Labels.of(request.getTask()),
        request.getWorkflowId(),
        words,
        tone);
  }

  private String problem(Act act, String reason) {
    if (act.needsReason() && reason.isEmpty()) {
      return "Say why, for whoever reads the workflows' records.";
    }
    return reason.length() > settings.maxText()
        ? "Use at most " + settings.maxText() + " characters."
        : "";
  }

  private Response question(
      int status,
      Act act,
      List<ListScreen.Row> rows,
      boolean more,
      String back,
      String reason,
      String key,
      String error) {
    TogetherScreen screen =
        new TogetherScreen(
            act.word(),
            back,
            rows,
            more,
            settings.maxBatch(),
            settings.maxText(),
            reason,
            key,
            error);
    return frames.page(status, "Decide together", frame -> Pages.together(frame, screen));
  }

  private Stream<ListScreen.Row> row(Person person, Ticked ticked) {
    return reviews
        .find(ticked.id())
        .map(
            review ->
                ReviewSummary.of(
                    review, masking.shown(review, person.roles()).request().getReason()))
        .filter(person::maySee)
        .map(summary -> ListScreen.Row.of(summary, person, clock.instant()))
        .stream();
  }

  private static Wish wish(Act act, String reason) {
    return Wish.decide(act.decision(), reason);
  }

  private static String newKey() {
    return UUID.randomUUID().toString();
  }

  /** A key of its own for each, the same when the form is sent again. */
  private static String partOf(String key, String reviewId) {
    byte[] both = (key + "\n" + reviewId).getBytes(StandardCharsets.UTF_8);
    return "together-" + Payloads.sha256(both).substring(0, 32);
  }

  /** A review as it was listed. */
  private record Ticked(long version, String id) {

    static Ticked read(String value) {
      int space = value.indexOf(' ');
      Long version = space < 0 ? null : Posted.version(value.substring(0, space));
      if (version == null) {
        throw PageProblem.invalid("The list has lost a version; open it again.");
      }
      return new Ticked(version, value.substring(space + 1));
    }
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.unavailable(unavailable);
  }
}
