package io.ligature.agent;

import io.ligature.avro.AgentRegistration;

/** A way to reach agents, named in registrations. */
public interface AgentAdapter {

  /** As registrations name it, for example {@code http}. */
  String name();

  /**
   * Prepares one version of one agent; calls nobody.
   *
   * @throws InvalidSettingsException that names each wrong key and says what to do
   */
  AgentContract open(AgentRegistration agent);
}
