package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.inbox.ConfirmScreen.Filled;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewRuntime;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Answers whoever asks with pages about one review. */
@RequestScoped
class ReviewPages {

  private static final List<Integer> HOURS = List.of(1, 4, 8, 24, 48, 72, 168);

  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final InboxSettings page;
  private final Screens screens;
  private final Offering offering;
  private final PageFrames frames;
  private final Masking masking;
  private final SecurityIdentity identity;
  private final Clock clock = Clock.systemUTC();

  ReviewPages(
      ReviewRuntime reviews,
      ApprovalSettings settings,
      InboxSettings page,
      Screens screens,
      Offering offering,
      PageFrames frames,
      Masking masking,
      SecurityIdentity identity) {
    this.reviews = reviews;
    this.settings = settings;
    this.page = page;
    this.screens = screens;
    this.offering = offering;
    this.frames = frames;
    this.masking = masking;
    this.identity = identity;
  }

  Person reader() {
    return Person.of(identity);
  }

  /** What is of another tenant does not exist; what needs another role says which. */
  Review seen(String id) {
    return seen(id, refusal -> {});
  }

  /**
   * @param heard is told before the reader is
   */
  Review seen(String id, Consumer<Refusal> heard) {
    Person person = reader();
    Review review = reviews.find(id).filter(person::belongsWith).orElse(null);
    if (review == null) {
      heard.accept(new Refusal.Unknown(id));
      throw PageProblem.unknown();
    }
    if (!person.maySee(review)) {
      heard.accept(new Refusal.WrongRole(review.request().getRule().getRole()));
      throw new PageProblem(
          403,
          "This review is for others",
          "It is for those with the role “"
              + String.join("” or “", Reviewers.rolesOf(review))
              + "”.");
    }
    return review;
  }

  Offers offers(Review review) {
    return offering.of(reader(), review, clock.instant());
  }

  ReviewScreen screen(Review review) {
    Person person = reader();
    return screens.of(
        masking.shown(review, person.roles()),
        offers(review),
        trail(review),
        person,
        clock.instant());
  }

  Response shown(int status, Review review, Told told) {
    ReviewScreen screen = screen(review);
    return frames.page(
        status,
        screen.task(),
        frame -> Pages.review(frame, screen, told, settings.maxText(), page.refresh().toMillis()));
  }

  /** Asks once more before something is done, and says what has happened in between. */
  Response confirm(
      int status,
      Review review,
      Act act,
      Filled filled,
      String notice,
      Map<String, String> errors) {
    ReviewScreen screen = screen(review);
    JsonNode output = filled.output();
    Long read = filled.version();
    List<ReviewScreen.Event> since =
        read == null || read == screen.version() ? List.of() : since(review, read);
    ConfirmScreen question =
        new ConfirmScreen(
            screen,
            act.word(),
            act == Act.APPROVE && screen.budget() ? "Let it spend more?" : act.question(),
            act.button(),
            act.tone(),
            act.needsReason(),
            settings.maxText(),
            filled,
            output == null ? null : output.toString(),
            output == null || screen.work()
                ? null
                : Changes.between(Drafts.original(review), output, page),
            act == Act.DELEGATE ? spans() : List.of(),
            since,
            screen.version(),
            notice,
            errors);
    return frames.page(status, question.title(), frame -> Pages.confirm(frame, question));
  }

  private List<ReviewScreen.Event> since(Review review, long version) {
    return new Histories(clock.instant()).since(trail(review), version);
  }

  private List<String> trail(Review review) {
    return masking.trail(review, reviews.trail(review.request().getReviewId()), reader().roles());
  }

  private List<ConfirmScreen.Span> spans() {
    Duration longest = settings.longestDelegation();
    Stream<ConfirmScreen.Span> some =
        HOURS.stream()
            .filter(hours -> Duration.ofHours(hours).compareTo(longest) < 0)
            .map(
                hours ->
                    new ConfirmScreen.Span(
                        String.valueOf(hours), "for " + Moment.size(Duration.ofHours(hours))));
    ConfirmScreen.Span most =
        new ConfirmScreen.Span("", "for " + Moment.size(longest) + ", as long as possible");
    return Stream.concat(Stream.of(most), some).toList();
  }

  Instant now() {
    return clock.instant();
  }
}
