package io.ligature.approval.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page does beside approving, rejecting and editing, and what it refuses. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxActsTest {

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @Test
  void takesAndReleasesAReview() {
    String id = reviews.open(PageSamples.rich());
    Browserless eve = Browserless.as("eve");

    assertThat(act(eve, id, "claim", Map.of()).statusCode()).isEqualTo(303);
    assertThat(reviews.shown(id, "claim.who")).isEqualTo("eve");
    assertThat(Browserless.as("bea").get(path(id)).asString())
        .contains("eve has it")
        .doesNotContain(path(id) + "/approve");
    assertThat(act(eve, id, "release", Map.of()).statusCode()).isEqualTo(303);
    assertThat(reviews.shown(id, "claim")).isNull();
  }

  @Test
  void refusesToDecideWhatSomebodyElseHas() {
    String id = reviews.open(PageSamples.rich());
    act(Browserless.as("eve"), id, "claim", Map.of());

    Response refused = act(Browserless.as("bea"), id, "approve", Map.of());

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("eve has it until");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @ParameterizedTest
  @CsvSource({
    "comments, 422, Write something",
    "request-changes, 422, Say why",
    "abort, 422, Say why",
    "delegate, 422, Say who shall have it",
    "release, 409, Nobody has it",
  })
  void saysWhatIsMissing(String action, int status, String text) {
    String id = reviews.open(PageSamples.rich());

    Response refused = act(Browserless.as("eve"), id, action, Map.of());

    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(refused.asString()).contains(text);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @ParameterizedTest
  @CsvSource({
    "eve, you have it yourself",
    "lee, needs the role",
    "nobody, needs the role",
  })
  void handsNothingToThoseWhoMayNotDecide(String to, String text) {
    String id = reviews.open(PageSamples.rich());

    Response refused =
        act(Browserless.as("eve"), id, "delegate", Map.of("to", to, "reason", "my turn is over"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString().toLowerCase(java.util.Locale.ROOT)).contains(text);
    assertThat(refused.asString()).contains("my turn is over", "id=\"to\" name=\"to\"");
  }

  @Test
  void keepsACommentThatWasNotTakenInItsField() {
    String id = reviews.open(PageSamples.rich());
    String comment = "x".repeat(4_001);

    Response refused = act(Browserless.as("eve"), id, "comments", Map.of("reason", comment));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString())
        .contains(comment + "</textarea>", "id=\"comment-wrong\">Use at most 4000 characters.")
        .doesNotContain("role=\"alert\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject", "request-changes", "comments", "delegate"})
  void keepsWhatWasWrittenWhenSomebodyElseDecidedFirst(String action) {
    String id = reviews.open(PageSamples.rich());
    act(Browserless.as("bea"), id, "approve", Map.of());

    Response late =
        act(Browserless.as("eve"), id, action, Map.of("to", "bea", "reason", "two hours of work"));

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.asString())
        .contains("You came too late: bea decided first", "What you wrote was not taken")
        .contains("two hours of work");
  }

  @Test
  void keepsWhatWasWrittenWhenSomebodyElseTookTheReview() {
    String id = reviews.open(PageSamples.rich());
    act(Browserless.as("bea"), id, "claim", Map.of());

    Response refused =
        act(Browserless.as("eve"), id, "reject", Map.of("reason", "two hours of work"));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("bea has it until", "two hours of work");
  }

  @ParameterizedTest
  @ValueSource(strings = {"edit", "edit-and-approve"})
  void keepsAnEditThatComesTooLate(String action) {
    String id = reviews.open(PageSamples.rich());
    act(Browserless.as("bea"), id, "approve", Map.of());
    String better = PageSamples.SUBJECT.replace("seven", "eight");

    Response late =
        act(Browserless.as("eve"), id, action, Map.of("do", "continue", "json", better));

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.asString()).contains("What you wrote was not taken", "*eight* years");
  }

  @Test
  void hasTheTaskDoneAgain() {
    String id = reviews.open(PageSamples.rich());

    Response done =
        act(Browserless.as("eve"), id, "request-changes", Map.of("reason", "name the sources"));

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(reviews.shown(id, "decision.decision")).isEqualTo("request_changes");
  }

  @Test
  void offersNoChangesWhereNothingRunsAgain() {
    String id = reviews.open(PageSamples.rich().setMayChange(false));
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get(path(id)).asString()).doesNotContain("/request-changes");
    assertThat(eve.get(path(id) + "/request-changes").statusCode()).isEqualTo(409);
  }

  @Test
  void endsTheWorkflowAfterSayingWhatIsLost() {
    String id = reviews.open(PageSamples.rich());
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get(path(id) + "/abort").asString())
        .contains("This cannot be taken back", "0.05 USD are spent");
    assertThat(act(eve, id, "abort", Map.of("reason", "a trap")).statusCode()).isEqualTo(303);
    assertThat(reviews.shown(id, "decision.decision")).isEqualTo("abort");
  }

  @Test
  void decidesNothingAboutAnotherVersionThanWasRead() {
    String id = reviews.open(PageSamples.quorum());
    Browserless eve = Browserless.as("eve");
    act(Browserless.as("bea"), id, "comments", Map.of("reason", "the second claim is wrong"));

    Response refused = act(eve, id, "approve", Map.of("version", "1", "reason", "numbers checked"));

    assertThat(refused.statusCode()).isEqualTo(412);
    assertThat(refused.asString())
        .contains("Since you opened it", "the second claim is wrong", "numbers checked");
    assertThat(reviews.json(id).getInt("approvals")).isZero();
  }

  @Test
  void recordsWhatWasSeen() {
    String id = reviews.open(PageSamples.rich());
    Browserless eve = Browserless.as("eve");

    act(eve, id, "approve", Map.of("version", "1"));

    String trail =
        given()
            .auth()
            .preemptive()
            .basic("vera", "pass-vera")
            .get("/reviews/{id}/trail", id)
            .asString();
    assertThat(trail).contains("\"kind\":\"voted\"").containsPattern("\"seen\":\"[0-9a-f]{64}\"");
    assertThat(eve.get(path(id)).asString()).contains("On what they saw");
  }

  @Test
  void showsTheNextReviewerWhatWasEdited() {
    String id = reviews.open(PageSamples.quorum());
    Browserless eve = Browserless.as("eve");
    String better = PageSamples.SUBJECT.replace("seven", "eight");
    eve.post(path(id) + "/approve", path(id) + "/edit-and-approve", Map.of("json", better));

    String page = Browserless.as("bea").get(path(id)).asString();

    assertThat(page)
        .contains("eve has edited it", "<em>eight</em>", "1 of 2 approvals")
        .contains("What eve changed", "<del>*seven* </del>");
    assertThat(Browserless.as("bea").get(path(id) + "/edit").asString()).contains("*eight* years");
  }

  @Test
  void approvesNoTaskThatAPersonHasYetToDo() {
    String id = reviews.open(PageSamples.work());
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get(path(id)).asString())
        .contains("What is to be done", "Do the task…")
        .doesNotContain(path(id) + "/approve");
    assertThat(eve.get(path(id) + "/approve").statusCode()).isEqualTo(409);
    assertThat(act(eve, id, "approve", Map.of()).statusCode()).isEqualTo(422);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void showsEachEntryOfTheTrailAlsoWhatWasRefused() {
    String id = reviews.open(PageSamples.rich());
    act(Browserless.as("eve"), id, "comments", Map.of("reason", "I look into it"));
    act(Browserless.as("eve"), id, "approve", Map.of("reason", "fine"));
    act(Browserless.as("bea"), id, "reject", Map.of("reason", "no"));

    assertThat(Browserless.as("eve").get(path(id)).asString())
        .contains("The workflow asked for a review", "I look into it", "ended the wait: approved")
        .contains("could not reject", "Entry 1");
  }

  @ParameterizedTest
  @CsvSource({"version, x", "version, -1", "key, ''", "key, 'a b'"})
  void takesNoFormThatIsNotWhole(String field, String value) {
    String id = reviews.open(PageSamples.rich());

    assertThat(act(Browserless.as("eve"), id, "approve", Map.of(field, value)).statusCode())
        .isEqualTo(400);
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @ParameterizedTest
  @CsvSource({"'', 400", "x w:gate:1, 400", "1 none:gate:1, 200"})
  void decidesOnlyReviewsThatThereAre(String ticked, int status) {
    Browserless eve = Browserless.as("eve");
    Map<String, String> form = form(eve, Map.of());
    if (!ticked.isEmpty()) {
      form.put("review", ticked);
    }

    Response answer = eve.postAlone("/inbox/together/approve", form);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.asString()).containsAnyOf("No review was ticked", "is no version", "0 of 1");
  }

  @Test
  void decidesNothingTogetherForThoseItIsNotFor() {
    String id = reviews.open(PageSamples.rich());
    Browserless lee = Browserless.as("lee");

    assertThat(lee.get("/inbox/together/approve?q=" + id).asString()).doesNotContain(id + "\"");
    Response answer =
        lee.postAlone("/inbox/together/approve", form(lee, Map.of("review", "1 " + id)));

    assertThat(answer.asString()).contains("0 of 1 approved", "no such review");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void tellsReviewsOfTheSameTaskApart() {
    String mark = "twins-" + UUID.randomUUID();
    String one = reviews.open(PageSamples.rich().setReason(mark));
    String two = reviews.open(PageSamples.rich().setReason(mark));
    String first = one.substring(0, one.indexOf(':'));
    String second = two.substring(0, two.indexOf(':'));
    Browserless eve = Browserless.as("eve");

    assertThat(eve.get("/inbox?q=" + mark).asString()).contains(" · " + first, " · " + second);
    assertThat(eve.get("/inbox/together/approve?q=" + mark).asString())
        .contains(" · " + first, " · " + second, " of " + first + " in a new window");
    Response done =
        eve.postAlone("/inbox/together/approve", form(eve, Map.of("review", "1 " + one)));
    assertThat(done.asString()).contains("<small>" + first + "</small>").doesNotContain(second);
    assertThat(eve.get("/inbox?status=decided&q=" + mark).asString())
        .containsPattern("by eve, <time [^>]*>just now</time>");
  }

  @Test
  void countsNothingAsDecidedThatNeedsMorePeople() {
    String id = reviews.open(PageSamples.quorum());
    Browserless eve = Browserless.as("eve");

    Response answer =
        eve.postAlone("/inbox/together/approve", form(eve, Map.of("review", "1 " + id)));

    assertThat(answer.asString())
        .contains("0 of 1 approved, 1 not decided yet", "1 of 2 approvals");
  }

  @Test
  void rejectsNothingTogetherWithoutAReason() {
    String id = reviews.open(PageSamples.rich());
    Browserless eve = Browserless.as("eve");

    Response asked =
        eve.postAlone("/inbox/together/reject", form(eve, Map.of("review", "1 " + id)));

    assertThat(asked.statusCode()).isEqualTo(422);
    assertThat(asked.asString()).contains("Say why", "value=\"1 " + id + "\" checked");
    assertThat(reviews.status(id)).isEqualTo("open");
  }

  @Test
  void leadsToTheNextReviewThatNobodyElseHas() {
    reviews.open(PageSamples.rich());

    Response next = Browserless.as("eve").get("/inbox/next");

    assertThat(next.statusCode()).isEqualTo(303);
    assertThat(next.header("Location")).contains("/inbox/reviews/");
  }

  @Test
  void filtersByWhoHasIt() {
    String mark = "held-" + UUID.randomUUID();
    String id = reviews.open(PageSamples.rich().setReason(mark));
    Browserless eve = Browserless.as("eve");
    act(eve, id, "claim", Map.of());

    assertThat(eve.get("/inbox?held=me&q=" + mark).asString()).contains(path(id), "You have it");
    assertThat(eve.get("/inbox?held=nobody&q=" + mark).asString()).contains("Nothing matches");
    assertThat(eve.get("/inbox?held=them").statusCode()).isEqualTo(400);
  }

  @Test
  void remembersWhoWantedWhatIsNotTheirs() {
    String id = reviews.open(PageSamples.rich());

    Response refused = act(Browserless.as("vera"), id, "approve", Map.of("reason", "fine"));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(reviews.json(id).getList("refused.reviewer")).containsExactly("vera");
    assertThat(reviews.json(id).getList("refused.decision")).containsExactly("approve");
  }

  @ParameterizedTest
  @CsvSource({
    "lee, approve, 403, wrong_role",
    "ann, approve, 404, unknown",
    "eve, edit-and-approve, 422, invalid_edit",
    "eve, release, 409, not_held",
  })
  void countsWhatItRefuses(String who, String action, int status, String kind) {
    String id = reviews.open(PageSamples.rich());
    String counter = "ligature_reviews_refusals_total{kind=\"" + kind + "\"}";
    double before = metric(counter);

    Response refused =
        act(Browserless.as(who), id, action, Map.of("reason", "fine", "json", "{\"not\":1}"));

    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(metric(counter) - before).isEqualTo(1);
    assertThat(reviews.json(id).getList("refused")).isEmpty();
  }

  /** No test of this class runs beside another. */
  private static double metric(String name) {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private static Response act(
      Browserless who, String id, String action, Map<String, String> fields) {
    return who.postAlone(path(id) + "/" + action, form(who, fields));
  }

  private static Map<String, String> form(Browserless who, Map<String, String> fields) {
    Map<String, String> form = new HashMap<>();
    form.put("key", UUID.randomUUID().toString());
    form.put(
        FormGuard.FIELD, Browserless.hidden(who.get("/inbox").asString()).get(FormGuard.FIELD));
    form.putAll(fields);
    return form;
  }

  private static String path(String id) {
    return Screens.path(id);
  }
}
