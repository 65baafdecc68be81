package io.ligature.state.stream;

import io.ligature.state.engine.Cause;
import io.ligature.state.engine.Changes;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.Plans;
import io.ligature.state.engine.Rows;
import io.ligature.state.engine.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The engine, with effects added to what it decides and faults put into it. Reports of children
 * only are noted down.
 */
final class FakeCore implements Core {

  final List<Command> taken = new ArrayList<>();
  Function<Command, List<Effect>> effects = command -> List.of();
  Predicate<Command> faulty = command -> false;
  boolean quarantines = true;
  boolean stuck;

  private final Core engine = Core.of(new Engine(Tuning.DEFAULT));

  @Override
  public Outcome decide(Rows rows, Plans plans, Command command) {
    taken.add(command);
    if (faulty.test(command)) {
      throw new IllegalStateException("a fault of the engine's own");
    }
    Outcome outcome =
        command instanceof Command.ReportChild
            ? new Outcome(List.of(), Changes.NONE, List.of(), null, false)
            : engine.decide(rows, plans, command);
    List<Effect> all = new ArrayList<>(outcome.effects());
    all.addAll(effects.apply(command));
    return new Outcome(outcome.events(), outcome.changes(), all, outcome.ignored(), stuck);
  }

  @Override
  public Outcome quarantine(
      Rows rows, Plans plans, String workflowId, Cause cause, String reason, String origin) {
    if (!quarantines) {
      throw new IllegalStateException("not even that");
    }
    return engine.quarantine(rows, plans, workflowId, cause, reason, origin);
  }

  List<Command.ReportChild> reports() {
    return taken.stream()
        .filter(command -> command instanceof Command.ReportChild)
        .map(command -> (Command.ReportChild) command)
        .toList();
  }
}
