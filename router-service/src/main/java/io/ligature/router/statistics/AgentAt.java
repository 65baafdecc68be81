package io.ligature.router.statistics;

import io.ligature.avro.AgentStatistics;

/** An agent at one of its capabilities. */
public record AgentAt(String agent, String capability) {

  public static AgentAt of(AgentStatistics record) {
    return new AgentAt(record.getAgent(), record.getCapability());
  }
}
