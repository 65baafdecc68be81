package io.ligature.state.engine;

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
          "[ { retry: { max: 1, backoff: fixed } }, { review: { role: editor } } ]",
          "{ review: { role: editor } }");
  private static final List<String> KINDS =
      List.of(
          "model_error",
          "timeout",
          "low_confidence",
          "rejected_by_reviewer",
          "budget_exceeded",
          "invalid_input");

  private RandomDefinitions() {}

  static String yaml(Random random) {
    StringBuilder text = new StringBuilder("name: random\n");
    if (random.nextInt(3) > 0) {
      text.append(
          "budget: { maxCost: %d.50, onExceeded: %s }\n"
              .formatted(1 + random.nextInt(6), random.nextBoolean() ? "review" : "fail"));
    }
    if (random.nextInt(3) == 0) {
      text.append("deadline: PT30M\n");
    }
    text.append("tasks:\n");
    int size = 1 + random.nextInt(9);
    for (int i = 0; i < size; i++) {
      task(text, random, i);
    }
    return text.toString();
  }

  private static void task(StringBuilder text, Random random, int number) {
    text.append("  t").append(number).append(":\n");
    List<String> needs = needs(random, number);
    if (!needs.isEmpty()) {
      text.append("    needs: ").append(join(random, needs)).append('\n');
      if (random.nextInt(4) == 0) {
        text.append(
            "    when: \"${tasks.%s.status == 'succeeded'}\"\n".formatted(needs.getFirst()));
      }
    }
    if (!needs.isEmpty() && random.nextInt(4) == 0) {
      text.append("    review: { role: editor");
      text.append(random.nextBoolean() ? ", expire: { after: PT10M, then: reject } }\n" : " }\n");
    } else {
      text.append("    capability: x\n");
      text.append("    constraints: { maxCost: 0.40, timeout: PT1M, qualityThreshold: 0.5 }\n");
      if (!needs.isEmpty() && random.nextBoolean()) {
        text.append("    input: { was: \"${tasks.%s.output}\" }\n".formatted(needs.getFirst()));
      }
    }
    if (random.nextBoolean()) {
      text.append("    onError:\n");
      for (String kind : KINDS) {
        if (random.nextInt(3) == 0) {
          String step = kind.equals("invalid_input") ? "skip" : STEPS.get(random.nextInt(6));
          text.append("      ").append(kind).append(": ").append(step).append('\n');
        }
      }
      text.append("      auth: fail\n");
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
    return switch (random.nextInt(3)) {
      case 0 -> needs.toString();
      case 1 -> "{ any: " + needs + " }";
      default -> "{ atLeast: " + (1 + random.nextInt(needs.size())) + ", of: " + needs + " }";
    };
  }
}
