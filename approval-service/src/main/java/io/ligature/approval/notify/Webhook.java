package io.ligature.approval.notify;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts notifications to one address. The header {@code Ligature-Signature: t=SECONDS,v1=HEX} is
 * the HMAC-SHA-256 of {@code SECONDS.BODY} with the shared secret, so that the receiver knows who
 * sent it and when; {@code Idempotency-Key} is the same for every try.
 */
final class Webhook implements Channel {

  private static final String HMAC = "HmacSHA256";
  private static final int TOO_MANY_REQUESTS = 429;

  /** Bytes of an answer, which nobody reads. */
  private static final long MOST_ANSWER = 65_536;

  private final HttpClient http;
  private final URI address;
  private final byte[] secret;
  private final Set<String> kinds;
  private final Duration timeout;
  private final Clock clock;

  Webhook(URI address, String secret, Set<String> kinds, Duration timeout, Clock clock) {
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.address = address;
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.kinds = Set.copyOf(kinds);
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public boolean wants(Notification notification) {
    return kinds.contains(notification.kind());
  }

  @Override
  public void send(Notification notification) throws DeliveryException, InterruptedException {
    String body = notification.json();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", notification.id())
            .header("Ligature-Signature", signature(secret, clock.instant().getEpochSecond(), body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    int status = status(request);
    if (status / 100 != 2) {
      boolean again = status / 100 == 5 || status == TOO_MANY_REQUESTS;
      throw new DeliveryException("answered with " + status, again);
    }
  }

  /** The whole of one try has an end: also an answer that is sent drop by drop, or has none. */
  private int status(HttpRequest request) throws DeliveryException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.discarding(), MOST_ANSWER));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException e) {
      throw new DeliveryException("no answer: " + e.getCause(), true);
    } catch (TimeoutException e) {
      throw new DeliveryException("no answer within " + timeout, true);
    } finally {
      answer.cancel(true);
    }
  }

  static String signature(byte[] secret, long seconds, String body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      byte[] hash = mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
    }
  }
}
