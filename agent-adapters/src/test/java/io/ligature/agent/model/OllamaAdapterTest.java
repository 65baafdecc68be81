package io.ligature.agent.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.agent.CallFailure;
import io.ligature.agent.Calls;
import io.ligature.schemas.ErrorKind;
import org.junit.jupiter.api.Test;

class OllamaAdapterTest extends OpenAiAdapterTest {

  @Override
  protected Provider provider() {
    return OpenAiProvider.ollama();
  }

  @Override
  @Test
  void wantsAKeyForOpenAiItself() {
    ModelSettings settings =
        ModelSettings.of(provider(), Calls.agent("any", "{\"model\": \"qwen3:8b\"}"));

    assertThat(settings.apiKey()).isEmpty();
    assertThat(settings.baseUrl()).isEqualTo("http://localhost:11434/v1");
  }

  @Test
  void saysThatAModelIsNotThere() {
    respond(
        404,
        """
        {"error": {"message": "model \\"qwen3:8b\\" not found, try pulling it first",
          "type": "api_error", "param": null, "code": null}}
        """);

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.NO_AGENT);
    assertThat(failure.message()).contains("try pulling it first");
  }

  @Test
  void readsAnErrorThatIsOnlyAText() {
    respond(500, "{\"error\": \"llama runner process has terminated\"}");

    CallFailure failure = failure(open("{}"));

    assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    assertThat(failure.message()).contains("llama runner process has terminated");
  }
}
