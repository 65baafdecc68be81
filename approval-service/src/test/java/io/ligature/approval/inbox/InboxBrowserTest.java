package io.ligature.approval.inbox;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.Chromium.Look;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxBrowserTest {

  private static final String SCHEMA =
      """
      {"type": "object", "required": ["summary", "score"], "additionalProperties": false,
       "properties": {
         "summary": {"type": "string", "minLength": 5, "description": "What the report says, in short"},
         "score": {"type": "integer", "maximum": 10},
         "publish": {"type": "boolean"},
         "audience": {"enum": ["experts", "everyone"]},
         "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
         "claims": {"type": "array", "items": {"type": "object", "required": ["claim"],
           "properties": {"claim": {"type": "string"}, "sources": {"type": "integer"}}}}}}
      """;

  private static final String SUBJECT =
      """
      {"summary": "**Wind** pays back in *seven* years:\\n\\n- cheap turbines\\n- steady prices\\n\\nSee [the study](https://example.org/wind).",
       "score": 7, "publish": true, "audience": "experts", "tags": ["energy", "wind"],
       "claims": [{"claim": "Turbines became cheaper", "sources": 3},
                  {"claim": "Prices are steady", "sources": 2}]}
      """;

  @Inject Registry registry;

  private OpenReviews reviews;
  private Chromium chromium;

  @BeforeEach
  void open() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
    chromium = new Chromium(RestAssured.port);
  }

  @AfterEach
  void close() {
    chromium.close();
  }

  @Test
  void decidesByKeyboardAlone() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id));

    tabTo(page, "Approve…");
    page.keyboard().press("Enter");
    assertThat(page.getByLabel("Reason")).isFocused();
    page.keyboard().type("numbers checked");
    tabTo(page, "Approve it");
    page.keyboard().press("Enter");

    assertThat(page.getByText("Approved by eve")).isVisible();
    assertThat(reviews.shown(id, "decision.reason")).isEqualTo("numbers checked");
  }

  @Test
  void decidesWithoutScripts() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.PLAIN);
    page.navigate(Screens.path(id));

    button(page, "Reject…").click();
    page.getByLabel("Reason").fill("one source is not enough");
    page.getByRole(AriaRole.BUTTON, named("Reject it")).click();

    assertThat(page.getByText("Rejected by eve")).isVisible();
    assertThat(reviews.shown(id, "decision.decision")).isEqualTo("reject");
  }

  @Test
  void editsWithoutScripts() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.PLAIN);
    page.navigate(Screens.path(id) + "/edit");

    page.getByRole(AriaRole.BUTTON, named("Add to Tags")).click();
    page.locator("[name='s:/tags/2']").fill("prices");
    page.getByRole(AriaRole.BUTTON, named("Remove 1 from Claims")).click();
    page.getByRole(AriaRole.BUTTON, named("Continue…")).click();
    page.getByRole(AriaRole.BUTTON, named("Approve my edit")).click();

    assertThat(page.getByText("Edited and approved by eve")).isVisible();
    assertThat(reviews.json(id).getList("decision.editedOutput.tags"))
        .isEqualTo(List.of("energy", "wind", "prices"));
    assertThat(reviews.json(id).getList("decision.editedOutput.claims.claim"))
        .isEqualTo(List.of("Prices are steady"));
  }

  @Test
  void checksAnEditWhileItIsTyped() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id) + "/edit");

    page.getByLabel("Score").fill("11");
    assertThat(page.locator("[aria-invalid]")).hasCount(1);
    assertThat(page.getByLabel("Score")).hasAttribute("aria-invalid", "true");
    assertThat(page.locator("#problems")).containsText("maximum value of 10");
    assertThat(page.locator("#changes ins")).hasText("11");
    assertThat(page.getByLabel("Score")).isFocused();
    Chromium.picture(page, "edit-wrong");
    assertThat(Chromium.violations(page)).isEmpty();

    page.getByLabel("Score").fill("9");
    assertThat(page.locator("[aria-invalid]")).hasCount(0);
    assertThat(page.locator("#changes ins")).hasText("9");
  }

  @Test
  void putsTheKeyboardIntoAnElementThatWasAdded() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id) + "/edit");

    page.getByRole(AriaRole.BUTTON, named("Add to Tags")).click();
    assertThat(page.locator("[name='s:/tags/2']")).isFocused();
    page.keyboard().type("prices");
    assertThat(page.locator("#changes ins")).hasText("prices");
  }

  @Test
  void keepsWhatIsNoJson() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id) + "/edit?raw=true");

    page.getByLabel("The whole output as JSON").fill("{\"summary\": oops}");
    page.getByRole(AriaRole.BUTTON, named("Continue…")).click();

    assertThat(page.locator("#json-wrong")).containsText("not JSON");
    assertThat(page.getByLabel("The whole output as JSON")).hasValue("{\"summary\": oops}");
  }

  @Test
  void findsWhileOneTypes() {
    String id = reviews.open(rich());
    String reason = reviews.shown(id, "reason");
    Page page = chromium.as("eve", Look.DESK);

    page.getByLabel("Search").fill(reason);
    assertThat(page.locator(".reviews > li")).hasCount(1);
    assertThat(page).hasURL(java.util.regex.Pattern.compile("q="));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Editorial review")).click();

    assertThat(page.getByText(reason)).isVisible();
  }

  @Test
  void fitsNarrowWindows() {
    String id = reviews.open(rich());
    Page page = chromium.as("eve", Look.PHONE);

    for (String path :
        List.of(
            "/inbox",
            Screens.path(id),
            Screens.path(id) + "/edit",
            Screens.path(id) + "/approve")) {
      page.navigate(path);
      Chromium.picture(
          page, "phone" + path.replaceAll("/reviews/[^/]*", "/review").replace('/', '-'));
      assertThat(
              page.evaluate(
                  "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
          .as(path)
          .isEqualTo(0);
    }
  }

  @Test
  void isReadableForEverybodyByDayAndByNight() {
    String id = reviews.open(rich());
    String decided = reviews.open(rich());
    Page first = chromium.as("eve", Look.DESK);
    first.navigate(Screens.path(decided) + "/reject");
    first.getByLabel("Reason").fill("Two of the claims have no source that can be opened.");
    first.getByRole(AriaRole.BUTTON, named("Reject it")).click();
    assertThat(first.getByText("Rejected by eve")).isVisible();

    for (Look look : List.of(Look.DESK, Look.NIGHT)) {
      Page page = chromium.as("eve", look);
      String night = look.dark() ? "-night" : "";
      look(page, "/inbox", "list" + night);
      look(page, "/inbox?status=decided", "list-decided" + night);
      look(page, "/inbox?q=nothing-like-it", "list-empty" + night);
      look(page, Screens.path(id), "review" + night);
      look(page, Screens.path(id) + "/approve", "approve" + night);
      look(page, Screens.path(id) + "/edit", "edit" + night);
      look(page, Screens.path(id) + "/edit?raw=true", "edit-json" + night);
      look(page, Screens.path(decided), "decided" + night);
      look(page, "/inbox/reviews/none", "problem" + night);
    }
    Page login = chromium.open(Look.DESK);
    look(login, "/inbox/login?failed=true", "login");
  }

  private static void look(Page page, String path, String name) {
    page.navigate(path);
    Chromium.picture(page, name);
    assertThat(Chromium.violations(page)).as(name).isEmpty();
  }

  private static NeedsReview.Builder rich() {
    return OpenReviews.fresh()
        .setReason("confidence 0.62 is below 0.70 (" + java.util.UUID.randomUUID() + ")")
        .setOutputSchema(SCHEMA)
        .setSubject(Samples.json(SUBJECT))
        .setRequestedAt(Instant.now().minus(Duration.ofMinutes(35)))
        .setExpiresAt(Instant.now().plus(Duration.ofHours(5)));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static com.microsoft.playwright.Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  /** Goes on with the Tab key until the control of that name has the focus. */
  private static void tabTo(Page page, String name) {
    for (int i = 0; i < 60; i++) {
      page.keyboard().press("Tab");
      Object focused = page.evaluate("() => document.activeElement.textContent.trim()");
      if (name.equals(focused)) {
        return;
      }
    }
    throw new AssertionError("the Tab key never comes to " + name);
  }
}
