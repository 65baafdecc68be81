package io.ligature.agent.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;

/**
 * What LangChain4j takes for its HTTP client: hands each request to the exchange of the call that
 * makes it. Time is the call's, so timeouts set here mean nothing.
 */
final class ModelHttpClient implements HttpClient, HttpClientBuilder {

  static final ModelHttpClient INSTANCE = new ModelHttpClient();

  private ModelHttpClient() {}

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    return Exchange.CURRENT.get().send(request);
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    Exchange.CURRENT.get().stream(request, parser, listener);
  }

  @Override
  public Duration connectTimeout() {
    return Duration.ZERO;
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration timeout) {
    return this;
  }

  @Override
  public Duration readTimeout() {
    return Duration.ZERO;
  }

  @Override
  public HttpClientBuilder readTimeout(Duration timeout) {
    return this;
  }

  @Override
  public HttpClient build() {
    return this;
  }
}
