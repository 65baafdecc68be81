package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/** A script in each field that an agent, a definition or a requester can fill. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class StoredScriptTest {

  private static final String EVIL =
      "\"'></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
          + "<svg onload=alert(1)><a hx-on:load=alert(1) hx-get=/reviews hx-trigger=load>x</a>"
          + " [l](javascript:alert(1)) ![i](javascript:alert(1)) {frame.token} $\\{7*7}";

  @Inject Registry registry;

  @Test
  void isShownAsTextWhereverItStands() {
    OpenReviews.awaitService();
    OpenReviews reviews = new OpenReviews(registry);
    NeedsReview.Builder evil = evil();
    String id = reviews.open(evil);
    List<String> alarms = new ArrayList<>();

    try (Chromium chromium = new Chromium(RestAssured.port)) {
      Page page = chromium.as("eve", Look.DESK);
      page.onDialog(
          dialog -> {
            alarms.add("dialog");
            dialog.dismiss();
          });
      page.onConsoleMessage(
          message -> {
            // htmx tells on the console that it gave up a check for a newer one.
            if (message.type().equals("error") && !message.text().startsWith("htmx:")) {
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
      for (String path :
          List.of(
              "/inbox?q=onerror",
              Screens.path(id),
              Screens.path(id) + "/approve",
              Screens.path(id) + "/reject",
              Screens.path(id) + "/edit",
              Screens.path(id) + "/edit?raw=true")) {
        page.navigate(path);
        assertThat(page.content()).as(path).contains("onerror=alert(1)");
        assertThat(foreign(page)).as(path).isEmpty();
        assertThat(page.content()).as(path).contains("{frame.token}");
      }
      page.navigate(Screens.path(id) + "/edit");
      page.locator("textarea, input:not([type=hidden])").first().press("End");
      page.keyboard().type(EVIL);
      page.locator("#changes ins").first().waitFor();
      assertThat(foreign(page)).isEmpty();
    }

    assertThat(alarms).isEmpty();
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
