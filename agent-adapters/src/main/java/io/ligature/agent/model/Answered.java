package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What one exchange came to: what happened on the wire counts before what a library made of it. */
final class Answered {

  private final Provider provider;
  private final Exchange exchange;
  private final boolean streamed;
  private final Clock clock;
  private final Reading reading = new Reading();
  private boolean malformed;

  Answered(Provider provider, Exchange exchange, boolean streamed, Clock clock) {
    this.provider = provider;
    this.exchange = exchange;
    this.streamed = streamed;
    this.clock = clock;
    if (isSuccess()) {
      read();
    }
  }

  AgentOutcome outcome(ModelAgent.Heard heard, AnswerShape shape) {
    Broken broken = exchange.broken();
    if (broken != null) {
      return failed(broken(broken));
    }
    if (exchange.status() == 0) {
      return failed(unsent(heard.failure()));
    }
    if (!isSuccess()) {
      return failed(
          Refusals.of(
              exchange.status(),
              exchange.headers(),
              ProviderError.parse(exchange.body()),
              clock.instant()));
    }
    JsonNode error = reading.error();
    if (error != null) {
      return failed(Refusals.midway(exchange.headers(), ProviderError.of(error), clock.instant()));
    }
    return switch (reading.finish()) {
      case COMPLETE -> complete(heard.text(), shape);
      case TRUNCATED ->
          billed(
              ErrorKind.SCHEMA_MISMATCH,
              "the answer was cut off at its longest ("
                  + reading.finishWord()
                  + "); raise settings.maxOutputTokens, or ask for less");
      case BLOCKED ->
          billed(
              ErrorKind.POLICY_BLOCK,
              "the provider or its model refuses to answer (" + reading.finishWord() + ")");
      case OVERFLOW ->
          billed(
              ErrorKind.CONTEXT_OVERFLOW,
              "input and answer do not fit into the model's window (" + reading.finishWord() + ")");
      case OTHER ->
          billed(
              ErrorKind.MODEL_ERROR,
              "the model stopped without an answer (" + reading.finishWord() + ")");
    };
  }

  private AgentOutcome complete(@Nullable String text, AnswerShape shape) {
    if (streamed && !exchange.body().isEmpty()) {
      return billed(
          ErrorKind.SCHEMA_MISMATCH,
          "the provider answered without a stream; set settings.stream to false");
    }
    if (streamed && !(reading.isOver() && text != null) && !malformed) {
      return billed(
          ErrorKind.UPSTREAM_UNAVAILABLE, "the stream ended before the answer was complete");
    }
    if (text == null || text.isBlank()) {
      return billed(
          ErrorKind.SCHEMA_MISMATCH,
          "the provider's answer is not what its protocol says: it holds no text");
    }
    return shape.read(text, metadata());
  }

  private CallFailure broken(Broken broken) {
    ErrorKind kind =
        switch (broken.how()) {
          case TIMEOUT -> ErrorKind.TIMEOUT;
          case CANCELLED -> ErrorKind.CANCELLED;
          case TOO_LARGE -> ErrorKind.SCHEMA_MISMATCH;
          case CONNECTION -> ErrorKind.UPSTREAM_UNAVAILABLE;
        };
    String words =
        switch (broken.how()) {
          case TIMEOUT, CANCELLED -> String.valueOf(broken.getMessage());
          case TOO_LARGE ->
              "the provider's answer has "
                  + broken.getMessage()
                  + "; let it answer shorter, or raise settings.maxResponseBytes";
          case CONNECTION ->
              exchange.begun()
                  ? "the connection broke before the answer was there (" + broken.getMessage() + ")"
                  : "the provider cannot be reached (" + broken.getMessage() + ")";
        };
    return new CallFailure(kind, words, null, exchange.begun());
  }

  /** Its message may hold the value of a header, and is left out. */
  private static CallFailure unsent(@Nullable RuntimeException failure) {
    return failure instanceof IllegalArgumentException
        ? CallFailure.unbilled(
            ErrorKind.AUTH,
            "a secret in settings.apiKey or settings.headers holds characters that no header takes")
        : CallFailure.unbilled(
            ErrorKind.MODEL_ERROR,
            "the request could not be written ("
                + (failure == null ? "no reason" : failure.getClass().getSimpleName())
                + ")");
  }

  private void read() {
    if (!exchange.body().isEmpty()) {
      read(exchange.body());
    }
    exchange.events().forEach(this::read);
  }

  private void read(String document) {
    if (provider.isEnd(document)) {
      reading.over();
      return;
    }
    try {
      provider.read(Payloads.JSON.readTree(document), reading);
    } catch (IOException e) {
      malformed = true;
    }
  }

  private boolean isSuccess() {
    return exchange.status() >= 200 && exchange.status() < 300;
  }

  private CallMetadata metadata() {
    return reading.metadata(
        provider.requestIdHeaders().stream()
            .flatMap(name -> exchange.headers().firstValue(name).stream())
            .findFirst()
            .orElse(null));
  }

  private AgentOutcome billed(ErrorKind kind, String message) {
    return failed(CallFailure.possiblyBilled(kind, message));
  }

  private AgentOutcome failed(CallFailure failure) {
    return new AgentOutcome.Failed(failure, metadata());
  }
}
