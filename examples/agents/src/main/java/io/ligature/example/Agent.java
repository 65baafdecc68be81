package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** One program that does one thing for a price. */
interface Agent {

  /** Also its path on the server. */
  String id();

  String capability();

  /** Charged for each call that succeeds. */
  BigDecimal price();

  /**
   * @throws InvalidInputException when the input is not what the agent's schema says
   * @throws InterruptedException when the server stops before the work is done
   */
  Answer answer(JsonNode input) throws InvalidInputException, InterruptedException;

  /**
   * The same, for an agent that tells which task it worked on.
   *
   * @param task path of the task in its workflow; empty when the request does not say
   */
  default Answer answer(JsonNode input, String task)
      throws InvalidInputException, InterruptedException {
    return answer(input);
  }
}
