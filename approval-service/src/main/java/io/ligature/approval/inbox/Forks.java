package io.ligature.approval.inbox;

import io.ligature.approval.inbox.ReviewScreen.Path;
import io.ligature.approval.inbox.ReviewScreen.Step;
import io.ligature.avro.Consequence;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.WorstCase;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follows on either decision, as a person reads it. */
final class Forks {

  private static final String APPROVAL = "approval";
  private static final String REJECTION = "rejection";

  private Forks() {}

  static Path onApproval(NeedsReview request) {
    List<Step> steps = consequences(request, APPROVAL);
    if (steps.isEmpty()) {
      request.getOnApproval().forEach(task -> steps.add(new Step(Labels.of(task), "", null)));
    }
    return path(request, APPROVAL, steps, "The workflow goes on.");
  }

  static Path onRejection(NeedsReview request) {
    List<Step> steps = new ArrayList<>();
    for (String word : request.getOnRejection()) {
      String name =
          word.equals("workflow")
              ? "The workflow fails"
              : word.equals(request.getTask()) ? Labels.of(word) + " is left out" : Labels.of(word);
      steps.add(new Step(name, "", null));
    }
    steps.addAll(consequences(request, REJECTION));
    return path(request, REJECTION, steps, "The workflow decides what follows.");
  }

  private static Path path(NeedsReview request, String path, List<Step> steps, String otherwise) {
    Optional<WorstCase> worst =
        request.getWorstCases().stream().filter(each -> each.getPath().equals(path)).findFirst();
    return new Path(
        List.copyOf(steps),
        worst.map(Forks::more).orElse(""),
        worst.map(each -> Screens.amount(each.getMaxCost())).orElse(null),
        otherwise);
  }

  private static String more(WorstCase worst) {
    if (worst.getMore() == 0) {
      return "";
    }
    String tasks = worst.getMore() == 1 ? " task more" : " tasks more";
    return "and " + (worst.getAtLeast() ? "at least " : "") + worst.getMore() + tasks;
  }

  private static List<Step> consequences(NeedsReview request, String path) {
    List<Step> steps = new ArrayList<>();
    for (Consequence each : request.getConsequences()) {
      if (each.getPath().equals(path)) {
        steps.add(new Step(name(each), note(each), cost(each.getMaxCost())));
      }
    }
    return steps;
  }

  private static String name(Consequence each) {
    String task = Labels.of(each.getTask());
    return each.getWhat().equals("undo") ? task + " is undone" : task;
  }

  private static String note(Consequence each) {
    List<String> notes = new ArrayList<>();
    switch (each.getWhat()) {
      case "review" -> notes.add("people decide again");
      case "workflow" -> notes.add("a workflow of its own");
      case "wait" -> notes.add("waits for a time");
      case "signal" -> notes.add("waits for a signal");
      // An agent's work is what most steps are, and what is undone says so in its name.
      default -> {}
    }
    Integer attempts = each.getAttempts();
    if (attempts != null && attempts > 1) {
      notes.add("up to " + attempts + " attempts");
    }
    if (each.getConditional()) {
      notes.add("if its condition holds");
    }
    return String.join(", ", notes);
  }

  private static @Nullable String cost(@Nullable BigDecimal amount) {
    return amount == null || amount.signum() == 0 ? null : Screens.amount(amount);
  }
}
