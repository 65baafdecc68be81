package io.ligature.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentFormTest {

  private static ObjectNode withHeader(String value) {
    ObjectNode body = Payloads.JSON.createObjectNode().put("adapter", "http");
    body.putArray("capabilities").addObject().put("name", "a");
    body.putObject("settings").putObject("headers").put("Authorization", value);
    return body;
  }

  private static String settings(String value) {
    return AgentForm.read("a", withHeader(value), null, "olga", Instant.EPOCH, "USD").getSettings();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"env:TOKEN", "file:/run/token", "Bearer ${env:TOKEN}", "Basic ${file:/run/basic}"})
  void takesReferencesAsExecutorsLookThemUp(String reference) {
    assertThat(settings(reference)).contains(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sk-123", "Bearer sk-123", "Bearer env:TOKEN", "Bearer ${TOKEN}", "${env:}"})
  void refusesWhatNoExecutorWouldLookUp(String secret) {
    assertThatThrownBy(() -> settings(secret)).hasMessageContaining("looks like a secret");
  }
}
