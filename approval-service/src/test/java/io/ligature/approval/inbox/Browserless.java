package io.ligature.approval.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a browser does for a user: keeps cookies, and posts forms with all that stands in them. */
final class Browserless {

  private static final Pattern FIELD =
      Pattern.compile("name=\"(csrf-token|key|version|json)\" value=\"([^\"]*)\"");

  private final Map<String, String> cookies = new HashMap<>();

  /** Logged in, as the page does it. */
  static Browserless as(String user) {
    Browserless browser = new Browserless();
    Response in =
        browser
            .request()
            .formParam("j_username", user)
            .formParam("j_password", "pass-" + user)
            .post("/j_security_check");
    browser.keep(in);
    assertThat(in.statusCode()).isEqualTo(302);
    return browser;
  }

  static Browserless nobody() {
    return new Browserless();
  }

  Map<String, String> cookies() {
    return Map.copyOf(cookies);
  }

  Response get(String path) {
    Response answer = request().get(path);
    keep(answer);
    return answer;
  }

  /** Opens the page, then posts its form with these fields beside the hidden ones. */
  Response post(String page, String path, Map<String, String> fields) {
    Map<String, String> all = hidden(get(page).asString());
    all.putAll(fields);
    return postAlone(path, all);
  }

  /** Posts just that. */
  Response postAlone(String path, Map<String, String> fields) {
    Response answer = request().formParams(fields).post(path);
    keep(answer);
    return answer;
  }

  static Map<String, String> hidden(String html) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = FIELD.matcher(html);
    while (matcher.find()) {
      fields.put(
          matcher.group(1),
          matcher
              .group(2)
              .replace("&quot;", "\"")
              .replace("&#39;", "'")
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&amp;", "&"));
    }
    return fields;
  }

  RequestSpecification request() {
    return given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(true)
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .cookies(cookies);
  }

  private void keep(Response answer) {
    answer
        .getDetailedCookies()
        .forEach(
            cookie -> {
              if (cookie.getMaxAge() == 0) {
                cookies.remove(cookie.getName());
              } else {
                cookies.put(cookie.getName(), cookie.getValue());
              }
            });
  }
}
