package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final Notification NOTIFICATION =
      new Notification(
          "w1:gate:1/1",
          "opened",
          "w1:gate:1",
          "w1",
          NOW,
          JsonNodeFactory.instance.objectNode().put("task", "gate"));

  private final List<String> received = new ArrayList<>();
  private HttpServer server;
  private int status = 204;
  private String redirect;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            received.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            received.add(exchange.getRequestHeaders().getFirst("Ligature-Signature"));
            received.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (redirect != null) {
              exchange.getResponseHeaders().add("Location", redirect);
            }
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void signsWhatItPosts() throws Exception {
    webhook().send(NOTIFICATION);

    String body =
        "{\"id\":\"w1:gate:1/1\",\"kind\":\"opened\",\"reviewId\":\"w1:gate:1\","
            + "\"workflowId\":\"w1\",\"at\":\"2023-11-14T22:13:20Z\",\"review\":{\"task\":\"gate\"}}";
    assertThat(received)
        .containsExactly(
            "w1:gate:1/1",
            Webhook.signature(
                "secret".getBytes(StandardCharsets.UTF_8), NOW.getEpochSecond(), body),
            body);
  }

  @Test
  void signsAsTheStandardDoes() {
    // echo -n '5.{}' | openssl dgst -sha256 -hmac key
    assertThat(Webhook.signature("key".getBytes(StandardCharsets.UTF_8), 5, "{}"))
        .isEqualTo("t=5,v1=9be615aec64f0d044b5ad6854ab1d893ec88617fb728d2149dcd3a3428e8c45d");
  }

  @ParameterizedTest
  @CsvSource({"500, true", "503, true", "429, true", "400, false", "404, false", "302, false"})
  void tellsWhatIsWorthAnotherTry(int answer, boolean again) {
    status = answer;

    assertThatThrownBy(() -> webhook().send(NOTIFICATION))
        .isInstanceOfSatisfying(
            DeliveryException.class, e -> assertThat(e.isWorthAnotherTry()).isEqualTo(again))
        .hasMessage("answered with " + answer);
  }

  @Test
  void isWorthAnotherTryWhenNobodyAnswers() {
    Webhook webhook = webhook();
    server.stop(0);

    assertThatThrownBy(() -> webhook.send(NOTIFICATION))
        .isInstanceOfSatisfying(
            DeliveryException.class, e -> assertThat(e.isWorthAnotherTry()).isTrue());
  }

  @Test
  void followsNoRedirect() {
    status = 302;
    redirect = "http://127.0.0.1:" + server.getAddress().getPort() + "/elsewhere";

    assertThatThrownBy(() -> webhook().send(NOTIFICATION)).hasMessage("answered with 302");
    assertThat(received).hasSize(3);
  }

  @Test
  void waitsForNoAnswerThatNeverEnds() throws Exception {
    try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = endless.accept()) {
                  OutputStream out = socket.getOutputStream();
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                  // Until the other side has gone.
                  while (socket.getInputStream().read() >= 0) {
                    out.flush();
                  }
                } catch (IOException e) {
                  // The other side has gone.
                }
              });
      Webhook webhook = webhook(endless.getLocalPort(), Duration.ofMillis(200));

      assertThatThrownBy(() -> webhook.send(NOTIFICATION))
          .isInstanceOfSatisfying(
              DeliveryException.class, e -> assertThat(e.isWorthAnotherTry()).isTrue())
          .hasMessage("no answer within PT0.2S");
    }
  }

  @Test
  void wantsTheKindsOfItsSettingsAlone() {
    assertThat(webhook().wants(NOTIFICATION)).isTrue();
    assertThat(
            webhook()
                .wants(
                    new Notification(
                        "a/1", "voted", "a", "w", NOW, JsonNodeFactory.instance.objectNode())))
        .isFalse();
  }

  private Webhook webhook() {
    return webhook(server.getAddress().getPort(), Duration.ofSeconds(5));
  }

  private static Webhook webhook(int port, Duration timeout) {
    return new Webhook(
        URI.create("http://127.0.0.1:" + port + "/hook"),
        "secret",
        Set.of("opened"),
        timeout,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
