package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.Chromium.Look;
import io.ligature.approval.stream.Registry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every state of the page, by day and by night, wide and narrow: axe finds nothing, and nothing
 * sticks out. With {@code -Dligature.pictures=FOLDER} it keeps a picture of each.
 */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxReadableTest {

  @Inject Registry registry;

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @Test
  void isReadableForEverybodyByDayAndByNightWideAndNarrow() {
    Map<String, String> states = states();
    try (Chromium chromium = new Chromium(RestAssured.port)) {
      List<Look> looks = List.of(Look.DESK, Look.NIGHT, Look.PHONE);
      List<Look> pictured = List.of(Look.DESK, Look.NIGHT, Look.PHONE, Look.PHONE_NIGHT);
      for (Look look : Chromium.pictured() ? pictured : looks) {
        Page page = chromium.as("eve", look);
        states.forEach((name, path) -> look(page, look, path, name));
        page.navigate(states.get("review"));
        page.getByRole(AriaRole.BUTTON, named("Reject…")).click();
        page.locator("#question").waitFor();
        judge(page, look, "question-beside");
        page.navigate(states.get("edit"));
        page.getByLabel("Score").fill("11");
        page.locator("#problems a").waitFor();
        judge(page, look, "edit-wrong");
      }
      look(chromium.open(Look.DESK), Look.DESK, "/inbox/login?failed=true", "login");
      look(chromium.as("bea", Look.DESK), Look.DESK, states.get("held"), "held-by-other");
    }
  }

  /** Addresses by name. */
  private Map<String, String> states() {
    String rich = Screens.path(reviews.open(PageSamples.rich()));
    String nested = Screens.path(reviews.open(PageSamples.nested()));
    String quorum = Screens.path(reviews.open(PageSamples.quorum()));
    String held = Screens.path(reviews.open(PageSamples.rich()));
    String decided = Screens.path(reviews.open(PageSamples.rich()));
    String edited = Screens.path(reviews.open(PageSamples.rich()));
    String withdrawn = reviews.open(PageSamples.rich());
    String work = Screens.path(reviews.open(PageSamples.work()));
    String budget = Screens.path(reviews.open(PageSamples.budget()));
    String overdue = Screens.path(reviews.open(PageSamples.overdue()));
    Browserless eve = Browserless.as("eve");
    Browserless bea = Browserless.as("bea");
    act(eve, held, "claim", Map.of());
    act(eve, held, "comments", Map.of("reason", "I call the author first.\n\nBack at noon."));
    bea.post(held, held + "/approve", Map.of("key", key(), "reason", "too fast"));
    decide(bea, quorum, "approve", Map.of("reason", "clauses 2 and 4 are fine"));
    decide(eve, decided, "reject", Map.of("reason", "Two of the claims have no source."));
    decide(
        eve,
        edited,
        "edit-and-approve",
        Map.of(
            "reason",
            "clearer",
            "json",
            PageSamples.SUBJECT.replace("seven", "eight").replace("\"score\": 7", "\"score\": 8")));
    reviews.withdraw(withdrawn);
    Map<String, String> states = new LinkedHashMap<>();
    states.put("list", "/inbox");
    states.put("list-decided", "/inbox?status=decided");
    states.put("list-empty", "/inbox?q=nothing-like-it");
    states.put("list-filtered", "/inbox?q=confidence&due=day&mine=true");
    states.put("review", rich);
    states.put("nested", nested);
    states.put("quorum", quorum);
    states.put("held", held);
    states.put("work", work);
    states.put("work-form", work + "/edit");
    states.put("budget", budget);
    states.put("long", overdue);
    states.put("approve", rich + "/approve");
    states.put("changes", rich + "/request-changes");
    states.put("abort", rich + "/abort");
    states.put("delegate", rich + "/delegate");
    states.put("edit", rich + "/edit");
    states.put("edit-json", rich + "/edit?raw=true");
    states.put("together", "/inbox/together/reject?q=confidence");
    states.put("decided", decided);
    states.put("edited", edited);
    states.put("withdrawn", Screens.path(withdrawn));
    states.put("problem", "/inbox/reviews/none");
    return states;
  }

  private static void act(Browserless who, String path, String action, Map<String, String> fields) {
    Map<String, String> form = new LinkedHashMap<>(fields);
    form.put("key", key());
    assertThat(who.post(path, path + "/" + action, form).statusCode()).isEqualTo(303);
  }

  private static void decide(
      Browserless who, String path, String action, Map<String, String> fields) {
    assertThat(who.post(path + "/approve", path + "/" + action, fields).statusCode())
        .isEqualTo(303);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private static void look(Page page, Look look, String path, String name) {
    page.navigate(path);
    judge(page, look, name);
  }

  private static void judge(Page page, Look look, String name) {
    boolean phone = look.width() < 500;
    page.evaluate(
        "() => document.querySelectorAll('#subject details').forEach(d => d.open = true)");
    String kind = (phone ? "phone" : "desk") + (look.dark() ? "-night-" : "-") + name;
    Chromium.picture(page, kind);
    assertThat(
            page.evaluate(
                """
                () => [...document.querySelectorAll('#subject .grid')]
                    .filter(grid => grid.scrollWidth > grid.clientWidth).length
                """))
        .as("tables that are wider than their place: " + kind)
        .isEqualTo(0);
    if (phone) {
      assertThat(
              page.evaluate(
                  "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
          .as(kind)
          .isEqualTo(0);
    } else {
      assertThat(look.dark() ? Chromium.tooPale(page) : Chromium.violations(page))
          .as(kind)
          .isEmpty();
    }
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
