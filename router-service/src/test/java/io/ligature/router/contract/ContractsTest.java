package io.ligature.router.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.router.routing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractsTest {

  private static final String OBJECT = "{'type': 'object'}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the other's input schema | the new one's | pointer | problem
        "{'type':'object'} | {'type':'object','required':['a']} | /required"
            + " | demands 'a', which the other does not",
        "{'type':'object','properties':{'a':{'type':'string'}}}"
            + " | {'properties':{'a':{'type':'integer'}}} | /properties/a/type"
            + " | takes integer, but the other also takes string",
        "{'type':['string','null']} | {'type':'string'} | /type"
            + " | takes string, but the other also takes null",
        "{'type':'number'} | {'type':'integer'} | /type"
            + " | takes integer, but the other also takes number",
        "{'type':'object','additionalProperties':false,'properties':{'a':{}}}"
            + " | {'additionalProperties':false,'properties':{'b':{}}} | /additionalProperties"
            + " | refuses 'a', which the other takes",
        "{'type':'object'} | {'additionalProperties':false} | /additionalProperties"
            + " | refuses properties it does not name, which the other takes",
        "{'type':'string'} | {'enum':['x']} | /enum | takes only [\"x\"], but the other takes any",
        "{'enum':['x','y']} | {'enum':['x']} | /enum"
            + " | does not take [\"y\"], which the other takes",
        "{'type':'array'} | {'type':'array','maxItems':3} | /maxItems"
            + " | wants what has a number of items of at most 3, which the other does not",
        "{'type':'string','maxLength':9} | {'maxLength':5} | /maxLength"
            + " | wants what has a length of at most 5, which the other does not",
        "{'type':'array','items':{'type':'string'}} | {'items':{'type':'number'}} | /items/type"
            + " | takes number, but the other also takes string",
        "{'$ref':'#/$defs/t','$defs':{'t':{'type':'string'}}} | {'type':'number'} | /type"
            + " | takes number, but the other also takes string",
        "{'type':'object','properties':{'a/b':{'type':'string'}}}"
            + " | {'properties':{'a/b':false}} | /properties/a~1b"
            + " | no value at all is accepted here, but some are given"
      })
  void tellsWhatANewAgentWouldNotTake(String other, String own, String pointer, String problem) {
    assertThat(clashes(agent("new", own, null), agent("old", other, null)))
        .extracting(Clash::agent, Clash::side, Clash::pointer, Clash::problem)
        .containsExactly(tuple("old", "input", pointer, problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the other's output schema | the new one's | pointer | problem
        "{'required':['a']} | {'type':'object'} | /required"
            + " | does not promise 'a', which the other does",
        "{'type':'object','required':['a']} | | /required"
            + " | does not promise 'a', which the other does",
        "{'properties':{'a':{'type':'string'}}}"
            + " | {'properties':{'a':{'type':['string','null']}}} | /properties/a/type"
            + " | may be null, but the other promises string",
        "{'enum':['x']} | {'const':'y'} | /const | may be [\"y\"], which the other never is",
        "{'type':'number','maximum':1} | {'type':'number'} | /maximum"
            + " | does not promise what is at most 1"
      })
  void tellsWhatANewAgentDoesNotPromise(String other, String own, String pointer, String problem) {
    assertThat(clashes(agent("new", null, own), agent("old", null, other)))
        .extracting(Clash::side, Clash::pointer, Clash::problem)
        .containsExactly(tuple("output", pointer, problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the other's input | the new one's input | the other's output | the new one's output
        "{'type':'object','required':['a','b']} | {'required':['a']} | |",
        "{'type':'integer'} | {'type':['number','null']} | |",
        "{'type':'object'} | | | {'type':'object','required':['more']}",
        "| {'type':'object','required':['a']} | |",
        "{'anyOf':[{'required':['a']}]} | {'oneOf':[{'required':['b']}]} | |",
        "{'$ref':'https://example.org/x'} | {'type':'string'} | |",
        "{'type':'array','maxItems':3} | {'maxItems':3} | {'type':'number'} | {'type':'integer'}",
        "false | {'type':'string'} | |",
        "{'type':'object','properties':{'a':{}}} | true | |",
        "| | {'additionalProperties':false} | {'properties':{'a':{}}}",
        "{'type':'object','properties':{'c':{'$ref':'#'}}}"
            + " | {'type':'object','properties':{'c':{'$ref':'#'}}} | |"
      })
  void letsInWhatFitsOrCannotBeDecided(
      String otherInput, String ownInput, String otherOutput, String ownOutput) {
    assertThat(clashes(agent("new", ownInput, ownOutput), agent("old", otherInput, otherOutput)))
        .isEmpty();
  }

  @Test
  void doesNotCompareWithItselfADrainingAgentOrAShadow() {
    String strict = "{'type':'object','required':['a']}";
    AgentRegistration agent = agent("new", strict, null);

    assertThat(
            Contracts.clashes(
                agent,
                null,
                List.of(
                    agent("new", OBJECT, null),
                    AgentRegistration.newBuilder(agent("old", OBJECT, null))
                        .setDraining(true)
                        .build(),
                    AgentRegistration.newBuilder(agent("shadow", OBJECT, null))
                        .setShadowShare(0.1)
                        .build())))
        .isEmpty();
  }

  @Test
  void doesNotAskAgainAboutWhatHasNotChanged() {
    AgentRegistration agent = agent("strict", "{'type':'object','required':['a']}", null);
    AgentRegistration other = agent("lax", OBJECT, null);

    assertThat(Contracts.clashes(agent, agent, List.of(other))).isEmpty();
    assertThat(Contracts.clashes(agent, agent("strict", OBJECT, null), List.of(other))).hasSize(1);
  }

  @Test
  void wantsGroupsToShareACapability() {
    AgentRegistration member =
        AgentRegistration.newBuilder(agent("member", null, null)).setGroup("g").build();
    AgentRegistration stranger =
        AgentRegistration.newBuilder(agent("stranger", null, null))
            .setGroup("g")
            .setCapabilities(List.of(new AgentCapability("other", null, null)))
            .build();

    assertThat(Contracts.clashes(stranger, null, List.of(member)))
        .extracting(Clash::problem)
        .containsExactly("no member of the group 'g' has a capability in common with it");
    assertThat(Contracts.clashes(stranger, null, List.of())).isEmpty();
  }

  @Test
  void saysWhereAndWhatToDo() {
    assertThat(
            clashes(
                    agent("new", "{'type':'object','required':['a']}", null),
                    agent("old", OBJECT, null))
                .getFirst())
        .hasToString(
            "text.summarise: inputSchema/required: demands 'a', which the other does not (agent"
                + " 'old'); change the schema, register it under another capability such as"
                + " 'text.summarise.v2', or override with ?force=true");
  }

  private static List<Clash> clashes(AgentRegistration agent, AgentRegistration other) {
    return Contracts.clashes(agent, null, List.of(other));
  }

  private static AgentRegistration agent(String id, String input, String output) {
    return Samples.agent(id, "0.01")
        .setCapabilities(
            List.of(new AgentCapability(Samples.CAPABILITY, json(input), json(output))))
        .build();
  }

  private static String json(String text) {
    return text == null ? null : text.replace('\'', '"');
  }
}
