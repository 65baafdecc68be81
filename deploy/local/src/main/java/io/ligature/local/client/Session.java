package io.ligature.local.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.local.platform.DataOption;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options every client command has, and what it reaches the services with. */
final class Session {

  /** Finds the running Ligature of a data folder; a failure says how to start one. */
  static Function<Path, Endpoints> finder = RunningEndpoints::of;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the running Ligature (default: $LIGATURE_DATA or .ligature).")
  private @Nullable Path data;

  @Option(names = "--json", description = "Print JSON for machines.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  Session() {}

  Path data() {
    return DataOption.folder(data);
  }

  boolean json() {
    return json;
  }

  Endpoints endpoints() {
    return finder.apply(data());
  }

  Api state() {
    return endpoints().stateApi();
  }

  Api router() {
    return endpoints().routerApi();
  }

  Api approval(String user) {
    return endpoints().approvalApi(user);
  }

  void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    if (!text.endsWith("\n")) {
      out.println();
    }
    out.flush();
  }

  void print(JsonNode value) {
    try {
      print(Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }

  /** JSON as it was given, or from a file when it begins with {@code @}. */
  static JsonNode jsonArgument(String option, String argument) {
    String text = argument.startsWith("@") ? file(Path.of(argument.substring(1))) : argument;
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.USAGE, option + " is not JSON: " + e.getMessage(), e);
    }
  }

  static String file(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.USAGE, "cannot read " + path, e);
    }
  }
}
