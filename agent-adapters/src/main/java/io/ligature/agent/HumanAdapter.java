package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * People as an agent: answers at once that a person must do the task, which then becomes a form in
 * the review inbox.
 */
final class HumanAdapter implements AgentAdapter {

  static final String NAME = "human";

  private static final int LONGEST_TITLE = 200;
  private static final int LONGEST_INSTRUCTIONS = 1_500;

  /**
   * @param title what the task is, in a few words; empty for none
   * @param instructions what the person is to do
   * @param role who does it; empty leaves it to the definition
   */
  private record Settings(Optional<String> title, String instructions, Optional<String> role) {

    static Settings of(AgentRegistration agent) {
      SettingsReader reader = new SettingsReader(NAME, agent);
      Settings settings =
          new Settings(
              bounded(reader, "title", reader.text("title"), LONGEST_TITLE),
              bounded(
                      reader,
                      "instructions",
                      Optional.of(
                          reader.requiredText(
                              "instructions", "say in a sentence what the person is to do")),
                      LONGEST_INSTRUCTIONS)
                  .orElse(""),
              reader.text("role"));
      reader.check();
      return settings;
    }

    private static Optional<String> bounded(
        SettingsReader reader, String key, Optional<String> text, int longest) {
      if (text.isPresent() && text.get().length() > longest) {
        reader.refuse(key, "is longer than " + longest + " characters");
      }
      return text;
    }

    String words() {
      return title.map(words -> words + ": " + instructions).orElse(instructions);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    Settings settings = Settings.of(agent);
    return call ->
        new AgentOutcome.ByHand(
            settings.words(),
            settings.role().orElse(null),
            CallMetadata.UNKNOWN.withCost(price(call.agent())));
  }

  /** A person's work costs what is registered for a call, and nothing where nothing is. */
  private static Money price(AgentRegistration agent) {
    BigDecimal perCall = agent.getPrice().getPerCall();
    return perCall == null ? Money.ZERO : Money.of(perCall);
  }
}
