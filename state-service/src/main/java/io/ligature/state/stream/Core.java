package io.ligature.state.stream;

import io.ligature.state.engine.Cause;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.Plans;
import io.ligature.state.engine.Rows;

/** What the shell asks of the engine. */
public interface Core {

  Outcome decide(Rows rows, Plans plans, Command command);

  Outcome quarantine(
      Rows rows, Plans plans, String workflowId, Cause cause, String reason, String origin);

  static Core of(Engine engine) {
    return new Core() {
      @Override
      public Outcome decide(Rows rows, Plans plans, Command command) {
        return engine.decide(rows, plans, command);
      }

      @Override
      public Outcome quarantine(
          Rows rows, Plans plans, String workflowId, Cause cause, String reason, String origin) {
        return engine.quarantine(rows, plans, workflowId, cause, reason, origin);
      }
    };
  }
}
