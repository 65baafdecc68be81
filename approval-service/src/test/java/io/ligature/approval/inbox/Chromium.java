package io.ligature.approval.inbox;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The system's Chromium, driven as a person would; it opens nothing but pages of the service. */
final class Chromium implements AutoCloseable {

  /** Where pictures go when someone wants to look at them; see CONTRIBUTING.md. */
  private static final String PICTURES = System.getProperty("ligature.pictures", "");

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final String AXE = axe();

  private final Playwright playwright;
  private final Browser browser;
  private final String address;

  Chromium(int port) {
    address = "http://localhost:" + port;
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(FLAGS)
                    .setHeadless(true));
  }

  private static Path executable() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the browser tests need Chromium: apt-get install chromium"));
  }

  /** How the page is looked at. */
  record Look(int width, int height, boolean dark, boolean scripts) {
    static final Look DESK = new Look(1280, 900, false, true);
    static final Look NIGHT = new Look(1280, 900, true, true);
    static final Look PHONE = new Look(360, 780, false, true);
    static final Look PHONE_NIGHT = new Look(360, 780, true, true);
    static final Look PLAIN = new Look(1280, 900, false, false);
  }

  /** A page of a new session; closing the browser closes it. */
  Page open(Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(address)
                .setViewportSize(look.width(), look.height())
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setJavaScriptEnabled(look.scripts()));
    return context.newPage();
  }

  /** A page whose user is logged in. */
  Page as(String user, Look look) {
    Page page = open(look);
    Browserless.as(user)
        .cookies()
        .forEach(
            (name, value) ->
                page.context().addCookies(List.of(new Cookie(name, value).setUrl(address))));
    page.navigate("/inbox");
    return page;
  }

  /** Violations of WCAG 2.1, levels A and AA, each with the element that has it. */
  static List<String> violations(Page page) {
    return violations(page, Map.of("runOnly", List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")));
  }

  /** Of its rule about contrast alone, which is all that other colours can change. */
  static List<String> tooPale(Page page) {
    return violations(
        page, Map.of("runOnly", Map.of("type", "rule", "values", List.of("color-contrast"))));
  }

  private static List<String> violations(Page page, Map<String, ?> options) {
    page.evaluate(AXE);
    @SuppressWarnings("unchecked")
    List<String> found =
        (List<String>)
            page.evaluate(
                """
                async options => {
                  const found = await axe.run(document, options);
                  // Text in the colour of what is behind it is not told as a violation.
                  const unseen = found.incomplete.flatMap(v => v.nodes)
                    .filter(n => n.any.some(c => c.data && c.data.messageKey === 'equalRatio'));
                  return found.violations.flatMap(v => v.nodes).concat(unseen)
                    .map(n => n.html + ' ' + n.failureSummary);
                }
                """,
                options);
    return found;
  }

  /** Whether someone wants to look at pictures. */
  static boolean pictured() {
    return !PICTURES.isEmpty();
  }

  /** Keeps a picture of the whole page, for those who asked for it. */
  static void picture(Page page, String name) {
    if (!PICTURES.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(PICTURES, name + ".png")));
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private static String axe() {
    try (InputStream in = Chromium.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
