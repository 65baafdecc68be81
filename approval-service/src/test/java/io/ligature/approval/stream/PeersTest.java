package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ligature.approval.review.Samples;
import io.ligature.approval.tracing.FakeTracing;
import io.ligature.approval.tracing.Tracing;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeersTest {

  private static final String SECRET = "the secret of all of them";
  private static final Clock CLOCK = Clock.fixed(Samples.T0, ZoneOffset.UTC);

  private final FakeReviewListener listener = new FakeReviewListener();
  private final FakeTracing tracing = new FakeTracing();
  private final PeerSettings settings =
      PeerSettingsTest.settings(Map.of("secret", SECRET, "timeout", "5s"));
  private final Peers peers = new Peers(settings, listener, tracing, CLOCK);
  private HttpServer server;
  private HostInfo peer;
  private volatile int status = 200;
  private volatile String answer = "{\"rows\":{}}";
  private volatile boolean sealed;
  private volatile @Nullable String traceparent;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/peer",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          traceparent = exchange.getRequestHeaders().getFirst("traceparent");
          sealed =
              new PeerSeal(SECRET, Duration.ofSeconds(1))
                  .holds(
                      exchange.getRequestHeaders().getFirst(PeerSeal.HEADER),
                      CLOCK.instant(),
                      exchange.getRequestURI().getPath(),
                      body);
          byte[] said = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
    peer = new HostInfo("127.0.0.1", server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    peers.close();
    server.stop(0);
  }

  @Test
  void bringsRowsOverUnderASeal() {
    answer = "{\"rows\":{\"trail/w1:t:1/000000001\":\"e30=\"}}";

    FetchedRows rows = peers.rows(peer, RowsQuestion.trail("w1:t:1"));

    assertThat(rows.get("trail/w1:t:1/000000001")).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
    assertThat(sealed).isTrue();
    assertThat(listener.peers).containsExactly("rows true");
    assertThat(tracing.spans)
        .containsExactly(
            new FakeTracing.Ended(
                Tracing.Kind.CALL,
                "ask peer rows",
                Map.of("ligature.peer", "127.0.0.1:" + peer.port()),
                null,
                "answered",
                true));
    assertThat(traceparent).isEqualTo("span-1");
  }

  @Test
  void bringsAPartOfAListOver() {
    ReviewLists.Part part =
        new ReviewLists.Part(
            Set.of(1, 3),
            List.of(
                new ReviewSummary(
                    "open/000000000000001/w1:t:1",
                    Payloads.JSON.createObjectNode().put("reviewId", "w1:t:1"))),
            "open/000000000000002/w2:t:1");
    answer = part.json().toString();

    assertThat(peers.answer(peer, peers.list(peer, question()))).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {\"detail\":\"the reviews are being moved\"} | it answers 503, the reviews are being",
        "401 | {\"detail\":\"not a peer\"} | it answers 401, not a peer",
        "500 | <html> | it answers 500",
        "200 | <html> | it answers 200",
        "200 | {} | expected 'rows'",
        "200 | {\"rows\":{\"a\":\"%\"}} | expected a row in Base64",
      })
  void tellsWhoDidNotAnswerAndWhy(int code, String said, String why) {
    status = code;
    answer = said;

    assertThatThrownBy(() -> peers.rows(peer, RowsQuestion.review("w1:t:1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + peer.port())
        .hasMessageContaining(why);
  }

  @Test
  void tellsWhoIsGone() {
    server.stop(0);

    assertThatThrownBy(() -> peers.rows(peer, RowsQuestion.review("w1:t:1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + peer.port());
    assertThat(listener.peers).containsExactly("rows false");
    assertThat(tracing.spans)
        .singleElement()
        .returns("silent", FakeTracing.Ended::outcome)
        .returns(false, FakeTracing.Ended::good);
  }

  @Test
  void waitsForNobodyForEver() throws IOException {
    PeerSettings hasty = PeerSettingsTest.settings(Map.of("secret", SECRET, "timeout", "50ms"));
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Peers asking = new Peers(hasty, listener, tracing, CLOCK)) {
      HostInfo mute = new HostInfo("127.0.0.1", silent.getLocalPort());

      assertThatThrownBy(() -> asking.rows(mute, RowsQuestion.review("w1:t:1")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("127.0.0.1:" + mute.port());
    }
  }

  @Test
  void asksNobodyWithoutASecret() {
    try (Peers shy = new Peers(PeerSettingsTest.settings(Map.of()), listener, tracing, CLOCK)) {
      assertThatThrownBy(() -> shy.rows(peer, RowsQuestion.review("w1:t:1")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("set ligature.approval.peers.secret");
    }
    assertThat(listener.peers).isEmpty();
    assertThat(tracing.spans).isEmpty();
  }

  @Test
  void understandsItsOwnQuestions() {
    assertThat(ListQuestion.of(question().json())).isEqualTo(question());
    RowsQuestion rows = RowsQuestion.review("w1:sub:1:t:1");
    assertThat(RowsQuestion.of(rows.json())).isEqualTo(rows);
    assertThat(rows.root()).isEqualTo("w1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"root\":\"w\",\"ranges\":[[\"a\"]]}",
        "{\"root\":\"w\",\"ranges\":[[1,2]]}",
        "{\"root\":\"w\",\"ranges\":[[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"]]}",
      })
  void refusesWhatIsNoQuestion(String body) {
    assertThatThrownBy(() -> RowsQuestion.of(Wire.parse(body)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ListQuestion.of(Wire.parse(body)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ListQuestion question() {
    return new ListQuestion(
        ReviewSummary.Status.OPEN,
        "open/000000000000001/w1:t:1",
        new ReviewFilter(
            new ReviewScope("acme", "eve", List.of("editor", "legal"), ReviewScope.Reach.CONCERNED),
            Map.of("definition", "digest", "claim", "none"),
            Instant.parse("2026-03-01T09:00:00Z")),
        7);
  }
}
