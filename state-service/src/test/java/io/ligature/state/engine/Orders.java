package io.ligature.state.engine;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What operators ask of a {@link FakeWorld}, each time with an id of its own. */
final class Orders {

  private final FakeWorld world;
  private int sent;

  private Orders(FakeWorld world) {
    this.world = world;
  }

  static Orders of(FakeWorld world) {
    return new Orders(world);
  }

  private String id() {
    return "o" + world.events.size() + "-" + sent++;
  }

  Outcome pause() {
    return world.take(new PauseWorkflow(id(), FakeWorld.ID, "ann", "lunch", world.now));
  }

  Outcome resume() {
    return world.take(new ResumeWorkflow(id(), FakeWorld.ID, "ann", "back", world.now));
  }

  Outcome cancel(boolean compensate) {
    return world.take(
        new CancelWorkflow(id(), FakeWorld.ID, "ann", "enough", world.now, compensate));
  }

  Outcome retry(String task, @Nullable String input) {
    return world.take(
        new RetryTask(
            id(),
            FakeWorld.ID,
            task,
            "ann",
            "mended",
            input == null ? null : FakeWorld.json(input),
            world.now));
  }

  Outcome skip(String task) {
    return world.take(new SkipTask(id(), FakeWorld.ID, task, "ann", "not needed", world.now));
  }

  Outcome signal(String name, @Nullable String correlation, String payload) {
    return world.take(
        new SignalWorkflow(
            id(), FakeWorld.ID, "ann", name, correlation, FakeWorld.json(payload), world.now));
  }

  Outcome extend(String amount) {
    return world.take(
        new ExtendBudget(
            id(), FakeWorld.ID, new BigDecimal(amount).setScale(6), "ann", "more", world.now));
  }
}
