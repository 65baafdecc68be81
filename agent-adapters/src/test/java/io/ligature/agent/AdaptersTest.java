package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptersTest {

  @Test
  void knowsTheStandardAdaptersByName() {
    try (Adapters adapters = Adapters.standard(Secrets.ofThisProcess())) {
      assertThat(adapters.names())
          .containsExactly(
              "a2a",
              "anthropic",
              "gemini",
              "http",
              "human",
              "mcp",
              "noop",
              "ollama",
              "openai-compatible",
              "script");
      assertThat(adapters.named("http")).isPresent();
      assertThat(adapters.named("carrier-pigeon")).isEmpty();
    }
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(() -> new Adapters(List.of(new NoopAdapter(), new NoopAdapter())))
        .hasMessage("two adapters are called noop");
  }
}
