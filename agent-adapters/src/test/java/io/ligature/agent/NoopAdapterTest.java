package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoopAdapterTest extends AgentProtocolKit {

  private static AgentContract open(String settings) {
    return new NoopAdapter().open(Calls.agent("noop", settings));
  }

  @Override
  protected AgentContract answering(String answer) {
    return open(JsonNodeFactory.instance.objectNode().put("answer", answer).toString());
  }

  @Override
  protected AgentContract hanging() {
    return open("{\"delay\": \"PT1M\"}");
  }

  @Override
  protected Optional<AgentContract> oversize() {
    return Optional.empty();
  }

  @Override
  protected Optional<AgentContract> unreachable() {
    return Optional.empty();
  }

  @Override
  protected void awaitBegun() {
    // It is this process; there is nothing to begin.
  }

  @Override
  protected void awaitStopped() {
    // It is this process; there is nothing to stop.
  }

  @Override
  protected Optional<JsonNode> lastRequest() {
    return Optional.empty();
  }

  @Override
  protected Optional<String> lastIdempotencyKey() {
    return Optional.empty();
  }

  @Test
  void answersWithItsInputAndIsSure() {
    assertThat(open("{}").call(Calls.call(Duration.ofSeconds(1))))
        .isEqualTo(
            new AgentOutcome.Success(
                Calls.json("{\"query\": \"q\"}"), CallMetadata.UNKNOWN.withConfidence(1)));
  }

  @Test
  void refusesADelayThatIsNoDuration() {
    assertThatThrownBy(() -> open("{\"delay\": \"2ms\"}"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage("adapter noop: settings.delay is not a duration; give one such as PT5S");
  }
}
