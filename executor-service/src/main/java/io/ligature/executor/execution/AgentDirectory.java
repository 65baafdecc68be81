package io.ligature.executor.execution;

import io.ligature.avro.AgentRegistration;
import org.jspecify.annotations.Nullable;

/** The agents this executor knows. */
public interface AgentDirectory {

  @Nullable AgentRegistration find(String agent);

  /** Returns when everything that was registered before the call is known, or it took too long. */
  void refresh() throws InterruptedException;
}
