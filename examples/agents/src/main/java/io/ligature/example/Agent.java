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
   */
  Answer answer(JsonNode input) throws InvalidInputException;
}
