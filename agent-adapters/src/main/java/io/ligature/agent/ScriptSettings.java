package io.ligature.agent;

import io.ligature.avro.AgentRegistration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the adapter {@code script}.
 *
 * @param command program and arguments; no shell reads it
 * @param workdir where it runs; empty: where the executor runs
 * @param passEnv names of the executor's own environment variables that the script gets too
 * @param env further variables; values may be or hold secret references
 * @param maxOutputBytes more on standard output is a {@code schema_mismatch}
 * @param maxErrorBytes how much of the end of standard error goes into the message of a crash
 */
record ScriptSettings(
    List<String> command,
    Optional<Path> workdir,
    List<String> passEnv,
    Map<String, String> env,
    int maxOutputBytes,
    int maxErrorBytes) {

  private static final List<String> DEFAULT_PASS_ENV = List.of("PATH", "LANG");
  private static final int DEFAULT_OUTPUT_BYTES = 1_000_000;
  private static final int MOST_OUTPUT_BYTES = 64_000_000;
  private static final int DEFAULT_ERROR_BYTES = 1_000;
  private static final int MOST_ERROR_BYTES = 1_500;

  static ScriptSettings of(AgentRegistration agent) {
    SettingsReader reader = new SettingsReader(ScriptAdapter.NAME, agent);
    List<String> command = reader.texts("command", List.of());
    if (command.isEmpty()) {
      reader.refuse("command", "is missing; give program and arguments as a list");
    }
    ScriptSettings settings =
        new ScriptSettings(
            command,
            reader.text("workdir").map(Path::of),
            reader.texts("passEnv", DEFAULT_PASS_ENV),
            reader.map("env"),
            reader.size("maxOutputBytes", DEFAULT_OUTPUT_BYTES, MOST_OUTPUT_BYTES),
            reader.size("maxErrorBytes", DEFAULT_ERROR_BYTES, MOST_ERROR_BYTES));
    reader.check();
    return settings;
  }
}
