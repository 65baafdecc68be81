package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.Chromium.Look;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A script in each field that an agent, a definition, a requester or a reviewer can fill. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class StoredScriptTest {

  private static final String EVIL =
      "\"'></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
          + "<svg onload=alert(1)><a hx-on:load=alert(1) hx-get=/reviews hx-trigger=load>x</a>"
          + " [l](javascript:alert(1)) ![i](javascript:alert(1)) {frame.token} $\\{7*7}";

  @Inject Registry registry;

  private final List<String> alarms = new ArrayList<>();

  private OpenReviews reviews;

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
    reviews = new OpenReviews(registry);
  }

  @Test
  void isShownAsTextWhereverItStands() {
    String id = reviews.open(evil());

    try (Chromium chromium = new Chromium(RestAssured.port)) {
      Page page = watched(chromium, "eve");
      for (String path :
          List.of(
              "/inbox?q=onerror",
              Screens.path(id),
              Screens.path(id) + "/approve",
              Screens.path(id) + "/reject",
              Screens.path(id) + "/edit",
              Screens.path(id) + "/edit?raw=true")) {
        page.navigate(path);
        assertShownAsText(page, path);
      }
      page.navigate(Screens.path(id) + "/edit");
      page.locator("textarea, input:not([type=hidden])").first().press("End");
      page.keyboard().type(EVIL);
      page.locator("#changes ins").first().waitFor();
      assertThat(foreign(page)).isEmpty();
    }

    assertThat(alarms).isEmpty();
  }

  /** What reviewers and requesters say of a review, to those who look at it after them. */
  @Test
  void isShownAsTextWhoeverSaidIt() {
    String id = reviews.open(PageSamples.quorum().setReason("said-" + UUID.randomUUID()));
    String gone = reviews.open(PageSamples.rich());
    String path = Screens.path(id);
    Browserless eve = Browserless.as("eve");
    Browserless bea = Browserless.as("bea");
    String edited =
        PageSamples.SUBJECT.replace("7,", "8,").replace("cheap turbines", escaped(EVIL));
    reviews.withdraw(gone, EVIL);

    try (Chromium chromium = new Chromium(RestAssured.port)) {
      Page open = watched(chromium, "bea");
      open.navigate(path);
      say(eve, path, path, "comments", Map.of("reason", EVIL));
      // The page that is open gets the comment by itself.
      open.locator("#history").getByText("onerror").first().waitFor();
      assertShownAsText(open, "the page that was open");

      say(eve, path, path + "/delegate", "delegate", Map.of("to", "bea", "reason", EVIL));
      say(bea, path, path + "/approve", "edit-and-approve", Map.of("json", edited, "reason", EVIL));
      Page page = watched(chromium, "eve");
      for (String each : List.of(path, path + "/approve?version=1", path + "/edit?raw=true")) {
        page.navigate(each);
        assertShownAsText(page, each);
      }
      page.navigate(path + "/reject?version=1");
      page.getByLabel("Reason").fill(EVIL);

      // Feedback of somebody else comes first: what was written is told, and not taken.
      say(bea, path, path + "/request-changes", "request-changes", Map.of("reason", EVIL));
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Reject it")).click();
      page.locator(".written").waitFor();
      assertShownAsText(page, "the page of who came too late");
      for (String each : List.of(path, Screens.path(gone))) {
        page.navigate(each);
        assertShownAsText(page, each);
      }
    }

    assertThat(alarms).isEmpty();
  }

  private static void say(
      Browserless who, String path, String from, String action, Map<String, String> fields) {
    Map<String, String> form = new HashMap<>(fields);
    form.put("key", UUID.randomUUID().toString());
    assertThat(who.post(from, path + "/" + action, form).statusCode()).as(action).isEqualTo(303);
  }

  /** As a part of a text in JSON. */
  private static String escaped(String text) {
    String quoted = Payloads.JSON.createArrayNode().add(text).get(0).toString();
    return quoted.substring(1, quoted.length() - 1);
  }

  /** A page whose every dialog, error and foreign request is an alarm. */
  private Page watched(Chromium chromium, String user) {
    Page page = chromium.as(user, Look.DESK);
    page.onDialog(
        dialog -> {
          alarms.add("dialog");
          dialog.dismiss();
        });
    page.onConsoleMessage(
        message -> {
          // htmx tells on the console that it gave up a check for a newer one, and Chromium that an
          // answer was a refusal.
          if (message.type().equals("error")
              && !message.text().startsWith("htmx:")
              && !message.text().contains("status of 409")) {
            alarms.add(message.text());
          }
        });
    page.onPageError(alarms::add);
    page.onRequest(
        request -> {
          if (!request.url().startsWith("http://localhost:")
              && !request.url().startsWith("data:")) {
            alarms.add(request.url());
          }
        });
    return page;
  }

  private static void assertShownAsText(Page page, String where) {
    assertThat(page.content()).as(where).contains("onerror=alert(1)", "{frame.token}");
    assertThat(foreign(page)).as(where).isEmpty();
  }

  /** Elements and attributes that our templates never make. */
  private static List<?> foreign(Page page) {
    return (List<?>)
        page.evaluate(
            """
            () => [...document.querySelectorAll('*')].filter(e =>
                (e.tagName === 'SCRIPT' && !e.src.includes('/inbox/assets/'))
                || ['IMG', 'SVG', 'IFRAME', 'OBJECT', 'STYLE'].includes(e.tagName.toUpperCase())
                || [...e.attributes].some(a => a.name.startsWith('on') || a.name.startsWith('hx-on'))
                || (e.href && String(e.href).startsWith('javascript:')))
              .map(e => e.outerHTML)
            """);
  }

  private static NeedsReview.Builder evil() {
    String json = Payloads.JSON.createObjectNode().put("a", EVIL).put(EVIL, EVIL).toString();
    String list = "[" + json + "," + json + "]";
    String whole =
        "{\"text\":"
            + Payloads.JSON.createArrayNode().add(EVIL).get(0)
            + ",\"list\":"
            + list
            + ",\"deep\":{\"a\":{\"b\":{\"c\":"
            + json
            + "}}}}";
    String schema =
        Payloads.JSON
            .createObjectNode()
            .put("title", EVIL)
            .put("description", EVIL)
            .set(
                "properties",
                Payloads.JSON
                    .createObjectNode()
                    .set(
                        "text",
                        Payloads.JSON
                            .createObjectNode()
                            .put("type", "string")
                            .put("title", EVIL)
                            .put("description", EVIL)))
            .toString();
    return OpenReviews.fresh()
        .setDefinition(EVIL)
        .setTask(EVIL)
        .setRequester(EVIL)
        .setReason(EVIL)
        .setRule(Samples.rule("editor", false, true))
        .setSubject(Samples.json(whole))
        .setOutputSchema(schema)
        .setOnApproval(List.of(EVIL))
        .setOnRejection(List.of(EVIL))
        .setEvidence(
            List.of(
                new Evidence(
                    EVIL,
                    EVIL,
                    Samples.json(whole),
                    Payloads.of(EVIL, new byte[] {1}),
                    EVIL,
                    EVIL,
                    Money.of("0.01").toDecimal(),
                    0.5,
                    Grade.clean,
                    List.of(
                        new EarlierAttempt(
                            1,
                            EVIL,
                            new Failure(EVIL, EVIL, null, false),
                            Money.of("0.01").toDecimal())))));
  }
}
