package io.ligature.state.engine;

import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Sound definitions of random shape, as text. */
final class RandomDefinitions {

  private static final List<String> STEPS =
      List.of(
          "skip",
          "fail",
          "{ retry: { max: 1, backoff: none } }",
          "{ retry: { max: 2, backoff: exponential, agent: different } }",
          "{ retry: { max: 1, backoff: none, agent: same } }",
          "[ { retry: { max: 1, backoff: fixed } }, { review: { role: editor } } ]",
          "{ review: { role: editor } }");
  private static final List<String> KINDS =
      List.of(
          "model_error",
          "timeout",
          "low_confidence",
          "rejected_by_validator",
          "schema_mismatch",
          "rejected_by_reviewer",
          "budget_exceeded",
          "invalid_input");

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  private RandomDefinitions() {}

  /** What child workflows run; it may fail and it may cost. */
  static final String CHILD =
      """
      name: child
      tasks:
        c0: { capability: x, constraints: { maxCost: 0.30, timeout: PT1M }, compensate: { capability: undo } }
        c1: { capability: x, needs: [c0], constraints: { maxCost: 0.30, timeout: PT1M } }
      output: "${tasks.c1.output}"
      """;

  /** The first of some that the checks find no fault with. */
  static String sound(Random random) {
    while (true) {
      String text = yaml(random);
      if (PARSER.parse(text) instanceof ParsedDefinition.Sound) {
        return text;
      }
    }
  }

  private static String yaml(Random random) {
    StringBuilder text = new StringBuilder("name: random\n");
    if (random.nextInt(3) > 0) {
      text.append(
          "budget: { maxCost: %d.50, onExceeded: %s }\n"
              .formatted(1 + random.nextInt(6), onExceeded(random)));
    }
    if (random.nextInt(3) == 0) {
      text.append("deadline: PT30M\n");
    }
    text.append("variables: { seen: 0 }\n");
    text.append("tasks:\n");
    block(text, random, 1 + random.nextInt(7), 0, "  ");
    return text.toString();
  }

  private static String onExceeded(Random random) {
    return List.of("fail", "review", "degrade").get(random.nextInt(3));
  }

  private static void block(StringBuilder text, Random random, int size, int level, String in) {
    for (int i = 0; i < size; i++) {
      text.append(in).append('t').append(i).append(":\n");
      List<String> needs = needs(random, i);
      String deeper = in + "  ";
      if (!needs.isEmpty()) {
        text.append(deeper).append("needs: ").append(join(random, needs)).append('\n');
        if (random.nextInt(4) == 0) {
          text.append(deeper)
              .append("when: \"${tasks.%s.status == 'succeeded'}\"\n".formatted(needs.getFirst()));
        }
      }
      body(text, random, needs, level, deeper);
    }
  }

  private static void body(
      StringBuilder text, Random random, List<String> needs, int level, String in) {
    switch (random.nextInt(level < 2 ? 14 : 7)) {
      case 0 ->
          text.append(in)
              .append("signal: { name: go, correlation: \"k%d\" }\n".formatted(random.nextInt(2)));
      case 1 -> text.append(in).append("wait: PT%dM\n".formatted(1 + random.nextInt(20)));
      case 2 -> gateOrWork(text, random, needs, in);
      case 7 -> {
        text.append(in)
            .append(
                "workflow: { name: child, onParentEnd: %s }\n"
                    .formatted(random.nextBoolean() ? "cancel" : "abandon"));
        share(text, random, level, in);
      }
      case 8, 9 -> {
        share(text, random, level, in);
        text.append(in).append("forEach:\n");
        text.append(in).append("  in: \"${[1, 2, 3, 4]}\"\n");
        text.append(in).append("  concurrency: %d\n".formatted(1 + random.nextInt(4)));
        text.append(in).append(random.nextBoolean() ? "  mode: collect\n" : "  as: n\n");
        text.append(in).append("  do:\n");
        body(text, random, List.of(), level + 1, in + "    ");
      }
      case 10 -> {
        text.append(in).append("repeat:\n");
        text.append(in)
            .append("  until: \"${iteration == %d}\"\n".formatted(1 + random.nextInt(3)));
        text.append(in).append("  max: 2\n");
        text.append(in).append(random.nextBoolean() ? "  onMax: accept\n" : "  onMax: fail\n");
        text.append(in).append("  do:\n");
        body(text, random, List.of(), level + 1, in + "    ");
      }
      case 11 -> {
        text.append(in).append("choose:\n");
        text.append(in)
            .append(
                "  - when: \"${variables.seen %s 0}\"\n"
                    .formatted(random.nextBoolean() ? ">=" : "<"));
        text.append(in).append("    do:\n");
        body(text, random, List.of(), level + 1, in + "      ");
        text.append(in).append("  - do:\n");
        body(text, random, List.of(), level + 1, in + "      ");
      }
      case 12, 13 -> {
        share(text, random, level, in);
        text.append(in).append("tasks:\n");
        block(text, random, 1 + random.nextInt(3), level + 1, in + "  ");
      }
      default -> work(text, random, needs, in);
    }
    if (random.nextInt(6) == 0) {
      text.append(in).append("timeout: PT%dM\n".formatted(1 + random.nextInt(10)));
    }
    if (random.nextInt(4) == 0) {
      text.append(in).append("set: { seen: \"${variables.seen + 1}\" }\n");
    }
  }

  /** The share of an inner task is never larger than that of the task around it. */
  private static void share(StringBuilder text, Random random, int level, String in) {
    if (random.nextInt(3) == 0) {
      text.append(in)
          .append(
              "budget: { maxCost: %s%d0, onExceeded: %s }\n"
                  .formatted(
                      level == 0 ? "1." : "0.",
                      (level == 0 ? 3 : 5) + random.nextInt(2),
                      onExceeded(random)));
    }
    if (random.nextInt(3) == 0) {
      text.append(in).append("onError: { model_error: skip, budget_exceeded: skip }\n");
    }
  }

  private static void gateOrWork(StringBuilder text, Random random, List<String> needs, String in) {
    if (needs.isEmpty()) {
      work(text, random, needs, in);
      return;
    }
    text.append(in).append("review: { role: editor");
    text.append(random.nextBoolean() ? ", expire: { after: PT10M, then: reject } }\n" : " }\n");
  }

  private static void work(StringBuilder text, Random random, List<String> needs, String in) {
    text.append(in).append("capability: x\n");
    text.append(in)
        .append("constraints: { maxCost: 0.40, timeout: PT1M, qualityThreshold: 0.5 }\n");
    if (random.nextInt(3) == 0) {
      text.append(in)
          .append(
              "validate: { capability: judge, minScore: 0.%d, timeout: PT1M%s%s }\n"
                  .formatted(
                      1 + random.nextInt(9),
                      random.nextBoolean() ? ", maxCost: 0.0" + random.nextInt(10) : "",
                      random.nextInt(3) == 0 ? ", criteria: \"${output.n}\"" : ""));
    }
    if (random.nextInt(6) == 0) {
      text.append(in).append("route: { prefer: [a1], sticky: true }\n");
    }
    if (!needs.isEmpty() && random.nextBoolean()) {
      text.append(in)
          .append("input: { was: \"${tasks.%s.output}\" }\n".formatted(needs.getFirst()));
    }
    if (random.nextInt(4) == 0) {
      text.append(in).append("compensate: { capability: undo }\n");
    }
    if (random.nextBoolean()) {
      text.append(in).append("onError:\n");
      for (String kind : KINDS) {
        if (random.nextInt(3) == 0) {
          String step =
              kind.equals("invalid_input") ? "skip" : STEPS.get(random.nextInt(STEPS.size()));
          text.append(in).append("  ").append(kind).append(": ").append(step).append('\n');
        }
      }
      text.append(in).append("  auth: fail\n");
    }
  }

  private static List<String> needs(Random random, int number) {
    List<String> earlier = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      earlier.add("t" + i);
    }
    Collections.shuffle(earlier, random);
    return earlier.subList(0, Math.min(number, random.nextInt(4)));
  }

  private static String join(Random random, List<String> needs) {
    return switch (random.nextInt(4)) {
      case 0 -> needs.toString();
      case 3 -> "{ ended: " + needs + " }";
      case 1 -> "{ any: " + needs + " }";
      default -> "{ atLeast: " + (1 + random.nextInt(needs.size())) + ", of: " + needs + " }";
    };
  }
}
