package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Price;
import io.ligature.schemas.Money;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanAdapterTest {

  private static final HumanAdapter ADAPTER = new HumanAdapter();

  private static AgentOutcome outcome(String settings, Price price) {
    AgentRegistration agent =
        AgentRegistration.newBuilder(Calls.agent("human", settings)).setPrice(price).build();
    AgentCall call = Calls.call(Duration.ofSeconds(20));
    return ADAPTER
        .open(agent)
        .call(
            new AgentCall(
                call.envelope(),
                call.input(),
                agent,
                call.timeout(),
                call.traceparent(),
                call.progress()));
  }

  @Test
  void leavesTheTaskToAPersonOfTheRole() {
    assertThat(
            outcome(
                "{\"title\": \"Legal check\", \"instructions\": \"Read it.\", \"role\": \"legal\"}",
                new Price()))
        .isEqualTo(
            new ByHand(
                "Legal check: Read it.", "legal", CallMetadata.UNKNOWN.withCost(Money.ZERO)));
  }

  @Test
  void leavesTheRoleToTheDefinitionWhenItsSettingsNameNone() {
    assertThat(outcome("{\"instructions\": \"Read it.\"}", new Price()))
        .isEqualTo(new ByHand("Read it.", null, CallMetadata.UNKNOWN.withCost(Money.ZERO)));
  }

  @Test
  void costsWhatIsRegisteredForACall() {
    Price price = new Price(Money.of("12.50").toDecimal(), null, null, null, null, null, null);

    assertThat(outcome("{\"instructions\": \"Read it.\"}", price).metadata().cost())
        .isEqualTo(Money.of("12.50"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | settings.instructions is missing; say in a sentence what the person is to do",
        "{\"instructions\": \" \"} | settings.instructions is not a text",
        "{\"instructions\": \"a\", \"title\": 7} | settings.title is not a text",
        "{\"instructions\": \"a\", \"role\": [\"b\"]} | settings.role is not a text",
        "{\"instructions\": \"a\", \"form\": {}} | settings.form is unknown"
      })
  void refusesSettingsWithKeyAndRemedy(String settings, String message) {
    assertThatThrownBy(() -> ADAPTER.open(Calls.agent("human", settings)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"title, 200", "instructions, 1500"})
  void boundsItsTexts(String key, int longest) {
    String other = key.equals("title") ? "\"instructions\": \"a\", " : "";

    ADAPTER.open(agentWith(other, key, longest));
    assertThatThrownBy(() -> ADAPTER.open(agentWith(other, key, longest + 1)))
        .hasMessageContaining("settings." + key + " is longer than " + longest + " characters");
  }

  private static AgentRegistration agentWith(String other, String key, int length) {
    return Calls.agent("human", "{" + other + "\"" + key + "\": \"" + "x".repeat(length) + "\"}");
  }
}
