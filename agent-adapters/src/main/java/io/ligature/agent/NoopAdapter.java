package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Answers within the executor, with its input or with a given text; for benchmarks and tests. */
final class NoopAdapter implements AgentAdapter {

  private static final String NAME = "noop";

  /**
   * @param delay how long an answer takes
   * @param answer the answer as the agent protocol has it; empty: the input, with confidence 1
   */
  private record Settings(Duration delay, Optional<String> answer) {

    static Settings of(AgentRegistration agent) {
      SettingsReader reader = new SettingsReader(NAME, agent);
      Settings settings =
          new Settings(reader.duration("delay", Duration.ZERO), reader.text("answer"));
      reader.check();
      return settings;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    Settings settings = Settings.of(agent);
    return call -> answer(settings, call);
  }

  private static AgentOutcome answer(Settings settings, AgentCall call) {
    boolean late = settings.delay().compareTo(call.timeout()) > 0;
    Duration wait = late ? call.timeout() : settings.delay();
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!wait.isZero()) {
        Thread.sleep(wait);
      }
    } catch (InterruptedException e) {
      return AgentOutcome.possiblyBilled(ErrorKind.CANCELLED, "cancelled during the call");
    }
    if (late) {
      return AgentOutcome.possiblyBilled(ErrorKind.TIMEOUT, "no answer within " + call.timeout());
    }
    return settings
        .answer()
        .map(text -> AgentProtocol.outcome(text.getBytes(StandardCharsets.UTF_8)))
        .orElseGet(
            () -> new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN.withConfidence(1)));
  }
}
