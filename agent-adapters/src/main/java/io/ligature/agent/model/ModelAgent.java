package io.ligature.agent.model;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.ProgressListener;
import io.ligature.agent.Secrets;
import io.ligature.agent.UnresolvedSecretException;
import io.ligature.schemas.ErrorKind;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A model as an agent: one request, one answer.
 *
 * <p>It begins with the strongest way to get JSON and steps down where the endpoint does not take
 * it. A request that is refused for its format cost nothing, and the next weaker one follows in the
 * same call; a format that is ignored has cost an answer, so the next call is the one to step down.
 * Either way the agent remembers for as long as its registration does not change.
 */
final class ModelAgent implements AgentContract {

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final Provider provider;
  private final ModelSettings settings;
  private final Map<String, AnswerShape> shapes;
  private final HttpClient client;
  private final Secrets secrets;
  private final Clock clock;
  private final @Nullable ChatModel model;
  private final @Nullable StreamingChatModel streamingModel;
  private final StructuredOutput preferred;

  /** Calls at the same time may each find out; a step taken twice, or lost, does no harm. */
  private volatile StructuredOutput current;

  /**
   * @param shapes by capability
   */
  ModelAgent(
      Provider provider,
      ModelSettings settings,
      Map<String, AnswerShape> shapes,
      HttpClient client,
      Secrets secrets,
      Clock clock) {
    this.provider = provider;
    this.settings = settings;
    this.shapes = shapes;
    this.client = client;
    this.secrets = secrets;
    this.clock = clock;
    this.model = settings.stream() ? null : provider.model(settings);
    this.streamingModel = settings.stream() ? provider.streamingModel(settings) : null;
    this.preferred = settings.structuredOutput().orElse(StructuredOutput.JSON_SCHEMA);
    this.current = preferred;
  }

  @Override
  public AgentOutcome call(AgentCall call) {
    long deadlineNanos = System.nanoTime() + call.timeout().toNanos();
    AnswerShape shape = shapes.get(call.envelope().getCapability());
    if (shape == null) {
      return AgentOutcome.unbilled(
          ErrorKind.NO_AGENT, "the agent does not offer " + call.envelope().getCapability());
    }
    Secrets.Redactor redactor = new Secrets.Redactor();
    try {
      return call(call, shape, headers(call, redactor), deadlineNanos, redactor);
    } catch (UnresolvedSecretException e) {
      return AgentOutcome.unbilled(ErrorKind.AUTH, String.valueOf(e.getMessage()));
    } catch (Prompt.MissingFieldException e) {
      return AgentOutcome.unbilled(ErrorKind.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private AgentOutcome call(
      AgentCall call,
      AnswerShape shape,
      Map<String, String> headers,
      long deadlineNanos,
      Secrets.Redactor redactor)
      throws Prompt.MissingFieldException {
    StructuredOutput mode = current;
    while (true) {
      headers.put(IDEMPOTENCY_KEY, key(call, mode));
      Exchange exchange =
          new Exchange(client, headers, call.timeout(), deadlineNanos, settings.maxResponseBytes());
      Heard heard = ask(exchange, request(call, shape, mode), call.progress());
      StructuredOutput weaker = weaker(mode);
      if (shape.isJson()
          && weaker != mode
          && Refusals.isOfFormat(exchange.status(), exchange.body())) {
        stepDown(weaker);
        mode = weaker;
        continue;
      }
      AgentOutcome outcome =
          new Answered(provider, exchange, settings.stream(), clock).outcome(heard, shape);
      if (shape.isIgnored(mode, outcome)) {
        stepDown(weaker);
      }
      return redacted(outcome, redactor);
    }
  }

  private void stepDown(StructuredOutput weaker) {
    if (weaker.compareTo(current) > 0) {
      current = weaker;
    }
  }

  /** The next that the provider offers; the same where there is none. */
  private StructuredOutput weaker(StructuredOutput mode) {
    for (StructuredOutput each : StructuredOutput.values()) {
      if (each.compareTo(mode) > 0 && provider.offers(each)) {
        return each;
      }
    }
    return mode;
  }

  /** A key stands for one body, so a request in a weaker mode has a key of its own. */
  private String key(AgentCall call, StructuredOutput mode) {
    return mode == preferred ? call.attempt() : call.attempt() + ";" + mode.wireName();
  }

  private Map<String, String> headers(AgentCall call, Secrets.Redactor redactor)
      throws UnresolvedSecretException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Optional<String> reference = settings.apiKey();
    if (reference.isPresent()) {
      headers.putAll(provider.authentication(secrets.resolve(reference.get(), redactor)));
    }
    for (Map.Entry<String, String> header : settings.headers().entrySet()) {
      headers.put(header.getKey(), secrets.resolve(header.getValue(), redactor));
    }
    String traceparent = call.traceparent();
    if (traceparent != null) {
      headers.put("traceparent", traceparent);
    }
    return headers;
  }

  private ChatRequest request(AgentCall call, AnswerShape shape, StructuredOutput mode)
      throws Prompt.MissingFieldException {
    Prompt.Text prompt = settings.prompt().render(call, shape.words(mode));
    ChatRequest.Builder request =
        ChatRequest.builder()
            .messages(
                List.of(SystemMessage.from(prompt.system()), UserMessage.from(prompt.user())));
    ResponseFormat format = shape.format(mode);
    return (format == null ? request : request.responseFormat(format)).build();
  }

  /**
   * What the library made of the answer.
   *
   * @param text null when it could not read one
   */
  record Heard(@Nullable String text, @Nullable RuntimeException failure) {}

  private Heard ask(Exchange exchange, ChatRequest request, ProgressListener progress) {
    try {
      ChatResponse response =
          ScopedValue.where(Exchange.CURRENT, exchange).call(() -> response(request, progress));
      return new Heard(response == null ? null : response.aiMessage().text(), null);
    } catch (RuntimeException e) {
      return new Heard(null, e);
    }
  }

  private @Nullable ChatResponse response(ChatRequest request, ProgressListener progress) {
    if (model != null) {
      return model.chat(request);
    }
    AtomicReference<@Nullable ChatResponse> whole = new AtomicReference<>();
    if (streamingModel != null) {
      streamingModel.chat(
          request,
          new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
              progress.partial(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
              whole.set(response);
            }

            @Override
            public void onError(Throwable failure) {
              // The exchange has it, as it came.
            }
          });
    }
    return whole.get();
  }

  /** A provider may echo what it was sent. */
  private static AgentOutcome redacted(AgentOutcome outcome, Secrets.Redactor redactor) {
    if (outcome instanceof AgentOutcome.Failed(CallFailure failure, CallMetadata metadata)) {
      return new AgentOutcome.Failed(
          new CallFailure(
              failure.kind(),
              redactor.redact(failure.message()),
              failure.retryAfter(),
              failure.possiblyBilled()),
          metadata);
    }
    return outcome;
  }
}
