package io.ligature.approval.inbox;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class InboxBrowserTest {

  private static final Instant T0 = Instant.parse("2026-02-01T09:00:00Z");

  @Inject Registry registry;

  private static final AtomicReference<Chromium> BROWSER = new AtomicReference<>();

  private OpenReviews reviews;
  private Chromium chromium;

  @BeforeEach
  void open() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
    if (BROWSER.get() == null) {
      BROWSER.set(new Chromium(RestAssured.port));
    }
    chromium = BROWSER.get();
  }

  @AfterAll
  static void close() {
    Chromium browser = BROWSER.getAndSet(null);
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void decidesByKeyboardAlone() {
    String id = reviews.open(PageSamples.rich());
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
    String id = reviews.open(PageSamples.rich());
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
    String id = reviews.open(PageSamples.rich());
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
    String id = reviews.open(PageSamples.rich());
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
    String id = reviews.open(PageSamples.rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id) + "/edit");

    page.getByRole(AriaRole.BUTTON, named("Add to Tags")).click();
    assertThat(page.locator("[name='s:/tags/2']")).isFocused();
    page.keyboard().type("prices");
    assertThat(page.locator("#changes ins")).hasText("prices");
  }

  @Test
  void keepsWhatIsNoJson() {
    String id = reviews.open(PageSamples.rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id) + "/edit?raw=true");

    page.getByLabel("The whole output as JSON").fill("{\"summary\": oops}");
    page.getByRole(AriaRole.BUTTON, named("Continue…")).click();

    assertThat(page.locator("#json-wrong")).containsText("not JSON");
    assertThat(page.getByLabel("The whole output as JSON")).hasValue("{\"summary\": oops}");
  }

  @Test
  void findsWhileOneTypes() {
    String id = reviews.open(PageSamples.rich());
    String reason = reviews.shown(id, "reason");
    Page page = chromium.as("eve", Look.DESK);

    page.getByLabel("Search").fill(reason);
    assertThat(page.locator(".reviews > li")).hasCount(1);
    assertThat(page).hasURL(Pattern.compile("q="));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Editorial review")).click();

    assertThat(page.getByText(reason).first()).isVisible();
  }

  @Test
  void walksTheListAndDecidesWithSingleKeys() {
    String mark = "keys-" + UUID.randomUUID();
    String first = reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(T0));
    String second =
        reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(T0.plusSeconds(1)));
    Page page = chromium.as("eve", Look.DESK);
    page.navigate("/inbox?q=" + mark);

    page.keyboard().press("j");
    page.keyboard().press("j");
    assertThat(page.locator(".reviews > li").nth(1).getByRole(AriaRole.LINK)).isFocused();
    page.keyboard().press("k");
    page.keyboard().press("o");
    page.waitForURL("**" + Screens.path(first));
    page.keyboard().press("r");
    assertThat(page.getByLabel("Reason")).isFocused();
    page.keyboard().type("a jolly reason");
    assertThat(page.getByLabel("Reason")).hasValue("a jolly reason");
    page.getByRole(AriaRole.BUTTON, named("Reject it")).click();
    assertThat(page.getByText("Rejected by eve")).isVisible();

    assertThat(reviews.status(second)).isEqualTo("open");
  }

  @Test
  void leavesSingleKeysAloneForThoseWhoDoNotWantThem() {
    String id = reviews.open(PageSamples.rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id));
    page.getByText("Keyboard", new Page.GetByTextOptions().setExact(true)).click();
    page.getByLabel("Single keys do this").uncheck();

    page.reload();
    page.locator("#content").focus();
    page.keyboard().press("u");
    page.keyboard().press("a");

    assertThat(page.locator("#question")).hasCount(0);
    assertThat(page).hasURL(Pattern.compile("reviews"));
  }

  @Test
  void showsWhatIsNewWithoutBeingAsked() {
    String mark = "live-" + UUID.randomUUID();
    String id = reviews.open(PageSamples.rich().setReason(mark));
    Page list = chromium.as("eve", Look.DESK);
    list.navigate("/inbox?q=" + mark);
    Page review = chromium.as("eve", Look.DESK);
    review.navigate(Screens.path(id));
    assertThat(list.locator(".reviews > li")).hasCount(1);
    list.locator(".reviews h2 a").focus();

    reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(Instant.now()));
    Browserless bea = Browserless.as("bea");
    bea.post(
        Screens.path(id),
        Screens.path(id) + "/comments",
        Map.of("reason", "I look into it", "key", UUID.randomUUID().toString()));

    assertThat(list.locator(".reviews > li")).hasCount(2);
    assertThat(list.locator(".reviews h2 a").first()).isFocused();
    assertThat(list.locator("#said")).containsText("new review");
    assertThat(review.locator("#history")).containsText("I look into it");
    assertThat(review.locator("#comment")).isVisible();

    bea.post(Screens.path(id) + "/approve", Screens.path(id) + "/approve", Map.of());

    assertThat(review.locator("#heading")).containsText("Approved");
    assertThat(review.locator("#heading")).not().containsText("Waiting");
    assertThat(review.locator("#outcome")).containsText("Approved by bea");
    assertThat(review.locator("#comment")).hasCount(0);
  }

  @Test
  void keepsTheQuestionOpenAndTellsWhatHappenedMeanwhile() {
    String id = reviews.open(PageSamples.quorum());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id));
    button(page, "Approve…").click();
    page.getByLabel("Reason").fill("numbers checked");
    Browserless bea = Browserless.as("bea");
    bea.post(Screens.path(id) + "/approve", Screens.path(id) + "/approve", Map.of());

    page.getByRole(AriaRole.BUTTON, named("Approve it")).click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("has changed since you opened it");
    assertThat(page.getByLabel("Since you opened it")).containsText("bea approved");
    assertThat(page.getByLabel("Reason")).hasValue("numbers checked");
    Chromium.picture(page, "changed");
    assertThat(Chromium.violations(page)).isEmpty();
    page.getByRole(AriaRole.BUTTON, named("Approve it")).click();

    assertThat(page.getByText("Approved by eve")).isVisible();
    assertThat(page.locator(".votes")).containsText("bea approved");
  }

  @Test
  void handsAReviewToSomeoneElse() {
    String id = reviews.open(PageSamples.rich());
    Page page = chromium.as("eve", Look.DESK);
    page.navigate(Screens.path(id));

    page.getByRole(AriaRole.BUTTON, named("Take it")).click();
    assertThat(page.getByText("You have it")).isVisible();
    button(page, "Hand over…").click();
    assertThat(page.getByLabel("To whom")).isFocused();
    page.getByLabel("To whom").fill("lee");
    page.getByRole(AriaRole.BUTTON, named("Hand it over")).click();
    assertThat(page.locator("#to-wrong")).containsText("needs the role 'editor'");
    Chromium.picture(page, "delegate-wrong");
    assertThat(Chromium.violations(page)).isEmpty();
    page.getByLabel("To whom").fill("bea");
    page.getByLabel("How long").selectOption("4");
    page.getByRole(AriaRole.BUTTON, named("Hand it over")).click();

    assertThat(page.getByText("bea has it until").first()).isVisible();
    assertThat(button(page, "Approve…")).hasCount(0);
    assertThat(page.locator("#history")).containsText("handed it to bea");
  }

  @Test
  void decidesManyTogetherAndTellsWhatCameOfEach() {
    String mark = "many-" + UUID.randomUUID();
    String first = reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(T0));
    String second =
        reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(T0.plusSeconds(1)));
    String third =
        reviews.open(PageSamples.rich().setReason(mark).setRequestedAt(T0.plusSeconds(2)));
    Page page = chromium.as("eve", Look.DESK);
    page.navigate("/inbox?q=" + mark);
    page.getByRole(AriaRole.LINK, named("Approve…")).click();
    page.locator(".tick input").nth(1).uncheck();
    Chromium.picture(page, "together");
    assertThat(Chromium.violations(page)).isEmpty();
    Browserless.as("bea")
        .post(Screens.path(third) + "/approve", Screens.path(third) + "/approve", Map.of());

    page.getByRole(AriaRole.BUTTON, named("Approve them")).click();

    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
        .hasText("1 of 2 approved");
    assertThat(page.locator(".results li").nth(1)).containsText("bea decided first");
    Chromium.picture(page, "results");
    assertThat(Chromium.violations(page)).isEmpty();
    assertThat(reviews.status(first)).isEqualTo("decided");
    assertThat(reviews.status(second)).isEqualTo("open");
  }

  @Test
  void letsAPersonDoTheTaskWithoutScripts() {
    String id = reviews.open(PageSamples.work());
    Page page = chromium.as("eve", Look.PLAIN);
    page.navigate(Screens.path(id));
    assertThat(button(page, "Approve…")).hasCount(0);

    button(page, "Do the task…").click();
    page.getByRole(AriaRole.BUTTON, named("Continue…")).click();
    assertThat(page.locator("#problems")).containsText("Score");
    page.getByLabel("Summary").fill("The grid is ready in May.");
    page.getByLabel("Score").fill("9");
    page.getByRole(AriaRole.BUTTON, named("Add Author")).click();
    page.getByLabel("Name").fill("Eve");
    page.getByRole(AriaRole.BUTTON, named("Continue…")).click();
    page.getByRole(AriaRole.BUTTON, named("Approve my edit")).click();

    assertThat(page.getByText("Edited and approved by eve")).isVisible();
    assertThat(reviews.json(id).getMap("decision.editedOutput"))
        .isEqualTo(
            Map.of(
                "summary",
                "The grid is ready in May.",
                "score",
                9,
                "author",
                Map.of("name", "Eve")));
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
