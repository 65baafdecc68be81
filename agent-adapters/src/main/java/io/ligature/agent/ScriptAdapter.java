package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs a program for each call: the request on standard input, the answer on standard output. */
final class ScriptAdapter implements AgentAdapter, AutoCloseable {

  static final String NAME = "script";

  private final Secrets secrets;

  /** Reading a pipe holds its thread, so these are not virtual. */
  private final ExecutorService pipes =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("script-pipe-", 0).factory());

  ScriptAdapter(Secrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AgentContract open(AgentRegistration agent) {
    return new ScriptAgent(ScriptSettings.of(agent), secrets, pipes);
  }

  @Override
  public void close() {
    pipes.shutdownNow();
  }
}
