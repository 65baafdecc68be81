package io.ligature.endtoend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Definitions that show each construct of the language, with one agent that does all their work.
 */
final class Constructs {

  static final String NESTED = "nested";
  static final String LINE = "line";
  static final String FAMILY = "family";
  static final String PAID = "paid";
  static final String SAGA = "saga";
  static final String TREE = "tree";

  /** Those that call another come behind it. */
  static final List<String> ALL = List.of(NESTED, LINE, FAMILY, PAID, SAGA, TREE);

  private final Scene scene;
  private final String of;
  private final CountingAgent agent;

  private Constructs(Scene scene, String of, CountingAgent agent) {
    this.scene = scene;
    this.of = of;
    this.agent = agent;
  }

  /**
   * @param of keeps the definitions, their capability and its agent apart from those of others
   */
  static Constructs in(Scene scene, String of, CountingAgent agent) {
    scene.register(of + "-stepper", Steps.agent(of + ".step", agent));
    for (String construct : ALL) {
      scene.define(of + "-" + construct, definition(of, construct));
    }
    return new Constructs(scene, of, agent);
  }

  static String definition(String of, String construct) {
    return Scene.resource("constructs/" + construct + ".yaml")
        .replace("@NAME@", of + "-" + construct)
        .replace("@LINE@", of + "-" + LINE)
        .replace("@CAPABILITY@", of + ".step");
  }

  void start(String id, String construct, ObjectNode input) {
    scene.start(id, of + "-" + construct, input).ok();
  }

  /** Input of {@link #LINE}: nothing is held, nothing fails. */
  static ObjectNode plain(int number) {
    return Payloads.JSON.createObjectNode().put("number", number).put("held", "").put("fails", "");
  }

  /** Input of {@link #NESTED} and {@link #TREE}. */
  static ObjectNode numbers(Collection<Integer> numbers) {
    ObjectNode input = Payloads.JSON.createObjectNode();
    numbers.forEach(input.putArray("numbers")::add);
    return input;
  }

  /** Each with another value than its index. */
  static List<Integer> descending(int size) {
    return IntStream.range(0, size).mapToObj(index -> 1000 - index).toList();
  }

  /**
   * Every call that the agent answered in a workflow, by attempt id, in the order of the answers.
   */
  List<String> calls(String id) {
    return agent.calls().stream()
        .map(CountingAgent.Call::key)
        .filter(key -> key.startsWith(id + "/"))
        .toList();
  }

  /** The first attempt of each. */
  static List<String> attempts(String id, String... tasks) {
    return Stream.of(tasks).map(task -> id + "/" + task + "#1").toList();
  }
}
