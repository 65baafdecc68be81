package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * {@code simulate.work}: does nothing for as long as it is told, and so stands for any work whose
 * result nobody reads. A call costs a sleeping virtual thread, so thousands may go on at once.
 */
final class SimulatedWork implements Agent {

  /** What one call may take at most; below the time the caller waits when nothing else is said. */
  static final double MOST_SECONDS = 240;

  /** Lets time pass. */
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  private final Pause pause;

  SimulatedWork() {
    this(Thread::sleep);
  }

  SimulatedWork(Pause pause) {
    this.pause = pause;
  }

  @Override
  public String id() {
    return "simulate-work";
  }

  @Override
  public String capability() {
    return "simulate.work";
  }

  @Override
  public BigDecimal price() {
    return BigDecimal.ZERO;
  }

  @Override
  public Answer answer(JsonNode input) throws InvalidInputException, InterruptedException {
    return answer(input, "");
  }

  @Override
  public Answer answer(JsonNode input, String task)
      throws InvalidInputException, InterruptedException {
    double seconds = seconds(input) * scale(input);
    pause.of(Duration.ofNanos(Math.round(seconds * 1e9)));
    ObjectNode output = Json.object().put("task", task).put("seconds", seconds);
    return new Answer(output, 1);
  }

  private static double seconds(JsonNode input) throws InvalidInputException {
    JsonNode seconds = input.path("seconds");
    if (!seconds.isNumber()
        || !(seconds.doubleValue() >= 0)
        || !(seconds.doubleValue() <= MOST_SECONDS)) {
      throw new InvalidInputException("'seconds' must be a number from 0 to " + (int) MOST_SECONDS);
    }
    return seconds.doubleValue();
  }

  private static double scale(JsonNode input) throws InvalidInputException {
    JsonNode scale = input.path("scale");
    if (scale.isMissingNode()) {
      return 1;
    }
    if (!scale.isNumber() || !(scale.doubleValue() >= 0) || !(scale.doubleValue() <= 1)) {
      throw new InvalidInputException("'scale' must be a number from 0 to 1");
    }
    return scale.doubleValue();
  }
}
