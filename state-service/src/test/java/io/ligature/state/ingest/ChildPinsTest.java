package io.ligature.state.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.ChildDefinitions.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChildPinsTest {

  /** By name and version; the source of each is what it calls. */
  private final Map<String, TreeMap<Integer, WorkflowDefinition>> catalog = new TreeMap<>();

  private static final Pattern WORD = Pattern.compile("(\\w+)(?::(\\d+))?");

  private final List<String> asked = new ArrayList<>();

  @Test
  void pinsNothingWhereNothingIsCalled() {
    WorkflowDefinition root = put("root", 1, "");

    assertThat(decide(root)).isEqualTo(new ChildPins.Decision(List.of(), List.of(), List.of()));
  }

  @Test
  void pinsTheNewestWhereNoVersionIsNamedAndTheNamedOneElsewhere() {
    WorkflowDefinition old = put("child", 1, "");
    WorkflowDefinition newest = put("child", 2, "");
    WorkflowDefinition root = put("root", 1, "child child:1");

    assertThat(decide(root))
        .isEqualTo(
            new ChildPins.Decision(
                List.of(pin("child", null, newest), pin("child", 1, old)),
                List.of(newest, old),
                List.of()));
  }

  @Test
  void attachesATextOnceHoweverItIsCalled() {
    WorkflowDefinition child = put("child", 1, "");
    WorkflowDefinition other = put("other", 1, "child:1");
    WorkflowDefinition root = put("root", 1, "child other");

    assertThat(decide(root))
        .isEqualTo(
            new ChildPins.Decision(
                List.of(
                    pin("child", null, child), pin("other", null, other), pin("child", 1, child)),
                List.of(child, other),
                List.of()));
  }

  @Test
  void followsCallsOfCalls() {
    WorkflowDefinition c = put("c", 1, "");
    WorkflowDefinition b = put("b", 1, "c");
    WorkflowDefinition a = put("a", 1, "b");
    WorkflowDefinition root = put("root", 1, "a");

    assertThat(decide(root).children()).containsExactly(a, b, c);
  }

  @Test
  void letsADefinitionCallItselfWithoutAttachingItAgain() {
    WorkflowDefinition root = put("root", 1, "root");

    assertThat(decide(root))
        .isEqualTo(new ChildPins.Decision(List.of(pin("root", null, root)), List.of(), List.of()));
  }

  @Test
  void pinsTheNewestOfItselfAlsoForAnOlderRoot() {
    WorkflowDefinition root = put("root", 1, "root");
    WorkflowDefinition newest = put("root", 2, "root");

    assertThat(decide(root))
        .isEqualTo(
            new ChildPins.Decision(List.of(pin("root", null, newest)), List.of(newest), List.of()));
  }

  @Test
  void endsInACircle() {
    WorkflowDefinition b = put("b", 1, "c");
    WorkflowDefinition c = put("c", 1, "b root");
    WorkflowDefinition root = put("root", 1, "b");

    assertThat(decide(root).children()).containsExactly(b, c);
  }

  @Test
  void refusesWhatDoesNotExistAndSaysWhoCallsIt() {
    put("child", 1, "deep:7");
    put("deep", 1, "");
    WorkflowDefinition root = put("root", 3, "child nobody");

    assertThat(decide(root))
        .isEqualTo(
            new ChildPins.Decision(
                List.of(),
                List.of(),
                List.of(
                    "definition: 'root' version 3 calls 'nobody', which does not exist; put it under"
                        + " /definitions/nobody",
                    "definition: 'child' version 1 calls 'deep' version 7, which does not exist;"
                        + " name a version that does, or none for the newest")));
  }

  @Test
  void stopsLookingAfterTwentyThatDoNotExist() {
    WorkflowDefinition root = put("root", 1, names("none", 30));

    assertThat(decide(root).violations()).hasSize(20);
    assertThat(asked).hasSize(20);
  }

  @Test
  void takesAsManyChildrenAsTheLimitSaysAndNotOneMore() {
    IntStream.rangeClosed(1, 4).forEach(i -> put("n" + i, 1, ""));

    assertThat(decide(put("three", 1, names("n", 3))).children()).hasSize(3);
    assertThat(decide(put("four", 1, names("n", 4))).violations())
        .containsExactly(
            "definition: 'four' version 1 calls, over all levels, more than 3 versions of"
                + " definitions (ligature.definitions.max-children)");
  }

  private static String names(String prefix, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.joining(" "));
  }

  private ChildPins.Decision decide(WorkflowDefinition root) {
    return new ChildPins(this::find, ChildPinsTest::calls, 3).decide(root);
  }

  private Optional<WorkflowDefinition> find(String name, @Nullable Integer version) {
    asked.add(name);
    return Optional.ofNullable(catalog.get(name))
        .map(versions -> version == null ? versions.lastEntry().getValue() : versions.get(version));
  }

  private static Set<Call> calls(WorkflowDefinition definition) {
    return WORD.matcher(definition.getSource())
        .results()
        .map(
            word ->
                new Call(
                    word.group(1), word.group(2) == null ? null : Integer.valueOf(word.group(2))))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private WorkflowDefinition put(String name, int version, String calls) {
    WorkflowDefinition definition =
        new WorkflowDefinition(
            name, version, calls, "application/yaml", name + version, Instant.EPOCH, "ann");
    catalog.computeIfAbsent(name, any -> new TreeMap<>()).put(version, definition);
    return definition;
  }

  private static PinnedDefinition pin(
      String name, @Nullable Integer asked, WorkflowDefinition definition) {
    return new PinnedDefinition(name, asked, definition.getVersion(), definition.getSha256());
  }
}
