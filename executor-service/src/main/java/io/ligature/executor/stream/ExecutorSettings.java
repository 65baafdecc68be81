package io.ligature.executor.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the executor; {@code docs/agents.md} explains them. */
@ConfigMapping(prefix = "ligature.executor")
public interface ExecutorSettings {

  /** Whose agents this executor calls. */
  @WithDefault("default")
  String pool();

  /** Calls in flight; when there are more, no more are read. */
  @WithDefault("2000")
  int maxInFlight();

  /** Records of a partition between the first unfinished and the last read one. */
  @WithDefault("10000")
  int maxUncommitted();

  /** A call that takes longer is claimed. */
  @WithDefault("250ms")
  Duration claimAfter();

  /** How often this executor says that it lives. */
  @WithDefault("2s")
  Duration heartbeatInterval();

  /** An executor that is silent for longer is dead, and its calls are made again. */
  @WithDefault("7s")
  Duration deadAfter();

  /** Least time between two reports of one agent's status. */
  @WithDefault("200ms")
  Duration statusInterval();

  /** How long calls in flight may go on when the executor stops. */
  @WithDefault("30s")
  Duration drainTimeout();

  /** How often finished offsets are committed. */
  @WithDefault("1s")
  Duration commitInterval();

  /** How much further back than the first unfinished assignment the inbox is read. */
  @WithDefault("1m")
  Duration tailSlack();

  /** Finished attempts that are remembered. */
  @WithDefault("50000")
  int rememberedResults();

  /** Of these, as many results as fit into this many bytes; the others stay on the inbox. */
  @WithDefault("67108864")
  long rememberedBytes();

  /** How long finished and cancelled attempts are remembered. */
  @WithDefault("15m")
  Duration rememberedAge();

  /** Least time an agent is left alone after it limited our rate; doubled each time in a row. */
  @WithDefault("5s")
  Duration cooldown();

  /** What doubling stops at; an agent may ask for more. */
  @WithDefault("60s")
  Duration longestCooldown();

  /** How long an agent that is not known yet is waited for. */
  @WithDefault("5s")
  Duration agentPatience();

  /** Least time between two reports of one call's progress; what comes between is left out. */
  @WithDefault("1s")
  Duration progressInterval();

  /** How long pieces of an answer are collected before they are sent together. */
  @WithDefault("200ms")
  Duration partialInterval();

  /** Bytes of pieces that are sent of one call; what comes after is left out. */
  @WithDefault("262144")
  int partialBytes();

  /** Shadow calls in flight; more are dropped. */
  @WithDefault("200")
  int maxShadows();

  /** Results that are kept for tasks that allow a stored one; 0: none. */
  @WithDefault("10000")
  int cachedResults();

  /** Of these, as many as fit into this many bytes. */
  @WithDefault("33554432")
  long cachedBytes();

  /** How long they are kept, whatever a task allows. */
  @WithDefault("1h")
  Duration cachedAge();

  /** Stable name of this process in its group, so that a restart in place moves no partition. */
  Optional<String> instanceId();

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (!pool().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw refused("pool", "'" + pool() + "' is not a name; use letters, digits, '.', '_', '-'");
    }
    atLeastOne("max-in-flight", maxInFlight());
    atLeastOne("max-uncommitted", maxUncommitted());
    atLeastOne("remembered-results", rememberedResults());
    atLeastOne("remembered-bytes", rememberedBytes());
    positive("claim-after", claimAfter());
    positive("heartbeat-interval", heartbeatInterval());
    positive("status-interval", statusInterval());
    positive("commit-interval", commitInterval());
    positive("remembered-age", rememberedAge());
    positive("agent-patience", agentPatience());
    notNegative("drain-timeout", drainTimeout());
    notNegative("tail-slack", tailSlack());
    notNegative("cooldown", cooldown());
    positive("progress-interval", progressInterval());
    positive("partial-interval", partialInterval());
    atLeastOne("partial-bytes", partialBytes());
    positive("cached-age", cachedAge());
    if (maxShadows() < 0) {
      throw refused("max-shadows", "give 0 or more");
    }
    if (cachedResults() < 0) {
      throw refused("cached-results", "give 0 or more");
    }
    if (cachedBytes() < 0) {
      throw refused("cached-bytes", "give 0 or more");
    }
    if (longestCooldown().compareTo(cooldown()) < 0) {
      throw refused(
          "longest-cooldown",
          longestCooldown() + " is less than ligature.executor.cooldown (" + cooldown() + ")");
    }
    if (deadAfter().compareTo(heartbeatInterval().multipliedBy(2)) < 0) {
      throw refused(
          "dead-after",
          deadAfter()
              + " is less than two of ligature.executor.heartbeat-interval ("
              + heartbeatInterval()
              + "), so that one late heartbeat would repeat calls; give more");
    }
  }

  private static IllegalArgumentException refused(String key, String what) {
    return new IllegalArgumentException("ligature.executor." + key + ": " + what);
  }

  private static void atLeastOne(String key, long value) {
    if (value < 1) {
      throw refused(key, "give 1 or more");
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw refused(key, "give more than 0");
    }
  }

  private static void notNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw refused(key, "give 0 or more");
    }
  }
}
