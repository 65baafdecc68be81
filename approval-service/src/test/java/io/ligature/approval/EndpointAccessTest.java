package io.ligature.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.ligature.approval.http.BrokerResource;
import io.ligature.approval.inbox.OpenReviews;
import io.ligature.approval.review.Samples;
import io.ligature.approval.stream.Registry;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks for every cell of {@code access.txt}, and whether an endpoint is missing there. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class EndpointAccessTest {

  private static final List<String> PEOPLE =
      List.of("nobody", "wrong", "eve", "stan", "lee", "vera", "olga", "adam", "aud", "ann", "sam");
  private static final Set<String> DECIDERS = Set.of("eve", "sam");
  private static final Map<String, String> BODIES =
      Map.of(
          "to", "{\"to\":\"bea\"}",
          "text", "{\"text\":\"hm\"}",
          "reason", "{\"reason\":\"no\"}",
          "output", "{\"output\":{\"summary\":\"s\"}}");

  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  @Inject Registry registry;

  /** A line of the table. */
  record Row(String method, String path, String body, List<Integer> expected) {

    static Row of(String line) {
      String[] words = line.split("\\s+", -1);
      List<Integer> expected = new ArrayList<>();
      for (int i = 3; i < words.length; i++) {
        expected.add(Integer.valueOf(words[i]));
      }
      assertThat(expected).as(line).hasSameSizeAs(PEOPLE);
      return new Row(words[0], words[1], words[2], expected);
    }

    String endpoint() {
      return method + " " + path.replaceAll("\\?.*", "");
    }

    boolean isPage() {
      return path.startsWith("/inbox");
    }

    @Override
    public String toString() {
      return endpoint();
    }
  }

  static Stream<Row> table() throws IOException {
    try (InputStream in = EndpointAccessTest.class.getResourceAsStream("access.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(Row::of)
              .toList()
              .stream();
    }
  }

  @BeforeEach
  void awaitService() {
    OpenReviews.awaitService();
  }

  @ParameterizedTest
  @MethodSource("table")
  void letsInWhomTheTableSays(Row row) throws Exception {
    OpenReviews reviews = new OpenReviews(registry);
    List<String> ids = reviews.openAll(PEOPLE.stream().map(any -> review()).toList());
    Map<String, Integer> expected = new LinkedHashMap<>();
    Map<String, Integer> found = new LinkedHashMap<>();
    Map<String, String> touched = new LinkedHashMap<>();

    for (int i = 0; i < PEOPLE.size(); i++) {
      String who = PEOPLE.get(i);
      expected.put(who, row.expected().get(i));
      found.put(who, status(row, who, ids.get(i)));
      if (!DECIDERS.contains(who) && !reviews.status(ids.get(i)).equals("open")) {
        touched.put(who, ids.get(i));
      }
    }

    reviews.clear(ids);
    assertThat(found).isEqualTo(expected);
    assertThat(touched).isEmpty();
  }

  @Test
  void namesEveryEndpointOfTheResources() throws Exception {
    Set<String> known = known();
    Set<String> endpoints = new TreeSet<>();
    for (JavaClass resource :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ligature.approval")) {
      if (resource.isAnnotatedWith(Path.class)) {
        String path = resource.getAnnotationOfType(Path.class).value();
        resource.getMethods().forEach(method -> add(endpoints, path, method));
      }
    }

    assertThat(endpoints).hasSizeGreaterThan(20);
    assertThat(known).containsAll(endpoints);
  }

  @Test
  void namesEveryEndpointOfTheDocumentation() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address("/q/openapi?format=json")).build(),
            HttpResponse.BodyHandlers.ofString());
    Set<String> documented = new TreeSet<>();
    Payloads.JSON
        .readTree(answer.body())
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            documented.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));

    assertThat(documented).hasSizeGreaterThan(10);
    assertThat(known()).containsAll(documented);
  }

  private static Set<String> known() throws IOException {
    Set<String> known = new TreeSet<>();
    table().map(Row::endpoint).forEach(known::add);
    return known;
  }

  private static void add(Set<String> endpoints, String path, JavaMethod method) {
    for (var verb : List.of(GET.class, POST.class, PUT.class, PATCH.class, DELETE.class)) {
      if (method.isAnnotatedWith(verb)) {
        String below =
            method.isAnnotatedWith(Path.class)
                ? method.getAnnotationOfType(Path.class).value()
                : "";
        spelledOut(path + below).forEach(each -> endpoints.add(verb.getSimpleName() + " " + each));
      }
    }
  }

  /** Of {@code {action: a|b}} both. */
  private static List<String> spelledOut(String path) {
    int colon = path.indexOf(": ");
    if (colon < 0) {
      return List.of(path);
    }
    int begin = path.lastIndexOf('{', colon);
    int end = path.indexOf('}', colon);
    return Stream.of(path.substring(colon + 2, end).split("\\|"))
        .map(word -> path.substring(0, begin) + word + path.substring(end + 1))
        .toList();
  }

  private static NeedsReview.Builder review() {
    return OpenReviews.fresh().setMayChange(true).setRule(Samples.rule("editor", true, true));
  }

  private int status(Row row, String who, String id) throws Exception {
    String path =
        row.path()
            .replace("{id}", encoded(id))
            .replace("{wf}", encoded(id.substring(0, id.indexOf(':'))))
            .replace("{hash}", "none")
            .replace("{name}", "none.css");
    HttpRequest.Builder request = HttpRequest.newBuilder(address(path));
    Map<String, String> cookies = row.isPage() ? session(who) : Map.of();
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          String.join(
              "; ",
              cookies.entrySet().stream().map(c -> c.getKey() + "=" + c.getValue()).toList()));
    } else if (!who.equals("nobody") && !row.isPage()) {
      request.header("Authorization", basic(who));
    }
    if (row.method().equals("GET")) {
      request.GET();
    } else if (row.body().equals("form")) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(
              HttpRequest.BodyPublishers.ofString(
                  form(
                      Map.of(
                          "csrf-token",
                          cookies.getOrDefault("ligature-form", ""),
                          "key",
                          UUID.randomUUID().toString(),
                          "reason",
                          "because",
                          "to",
                          "bea",
                          "json",
                          "{\"summary\":\"better\"}"))));
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(BODIES.getOrDefault(row.body(), "")));
    }
    HttpResponse<InputStream> answer =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    // Some answers have no end.
    answer.body().close();
    return answer.statusCode();
  }

  /** Cookies behind the login form, with the one for forms. */
  private Map<String, String> session(String who) throws Exception {
    Map<String, String> cookies = new HashMap<>();
    if (!who.equals("nobody")) {
      HttpResponse<Void> in =
          http.send(
              HttpRequest.newBuilder(address("/j_security_check"))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          form(Map.of("j_username", name(who), "j_password", password(who)))))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      keep(in, cookies);
    }
    keep(
        http.send(
            HttpRequest.newBuilder(address("/inbox/login")).build(),
            HttpResponse.BodyHandlers.discarding()),
        cookies);
    return cookies;
  }

  private static void keep(HttpResponse<Void> answer, Map<String, String> cookies) {
    for (String cookie : answer.headers().allValues("Set-Cookie")) {
      int equals = cookie.indexOf('=');
      String value = cookie.substring(equals + 1).replaceAll(";.*", "");
      if (!value.isEmpty()) {
        cookies.put(cookie.substring(0, equals), value);
      }
    }
  }

  private static String basic(String who) {
    String both = name(who) + ":" + password(who);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String name(String who) {
    return who.equals("wrong") ? "eve" : who;
  }

  private static String password(String who) {
    return who.equals("wrong") ? "guess" : "pass-" + who;
  }

  private static String form(Map<String, String> fields) {
    return String.join(
        "&",
        fields.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .toList());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static URI address(String path) {
    return URI.create("http://localhost:" + RestAssured.port + path);
  }
}
