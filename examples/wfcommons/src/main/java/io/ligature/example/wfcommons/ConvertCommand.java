package io.ligature.example.wfcommons;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a definition of simulated work from an instance in WfFormat. */
@Command(
    name = "convert-wfcommons",
    mixinStandardHelpOptions = true,
    description = "Converts a WfCommons instance (WfFormat 1.5) into a definition.",
    footer = {
      "",
      "Exit codes: 0 it worked; 1 the instance cannot be converted; 2 the command line is wrong."
    })
public final class ConvertCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The instance, a JSON file; or else --random makes one.")
  private @Nullable Path file;

  @Option(
      names = "--name",
      description =
          "Name of the definition (default: that of the instance, with what no name may"
              + " have replaced).")
  private @Nullable String name;

  @Option(
      names = "--time-scale",
      paramLabel = "FACTOR",
      defaultValue = "0.001",
      description = "Simulated seconds for each recorded one (default: ${DEFAULT-VALUE}).")
  private BigDecimal timeScale = BigDecimal.ONE;

  @Option(
      names = "--short-names",
      description = "Name every task by its number; else an id that may be a name is one.")
  private boolean shortNames;

  @Option(
      names = "--without-ids",
      description = "Leave out the descriptions, which tell the id of a task with another name.")
  private boolean withoutIds;

  @Option(
      names = "--random",
      paramLabel = "TASKS",
      description = "Make up an instance of so many tasks instead of reading one.")
  private @Nullable Integer random;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of --random; the same seed makes the same (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--instance-only",
      description = "With --random: write the instance itself, in WfFormat.")
  private boolean instanceOnly;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "Where to write it (default: standard output).")
  private @Nullable Path output;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  public ConvertCommand() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ConvertCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    if ((file == null) == (random == null)) {
      throw wrong("give a FILE, or --random TASKS");
    }
    if (instanceOnly && random == null) {
      throw wrong("--instance-only goes with --random");
    }
    try {
      String text = instance();
      write(instanceOnly ? text : converted(text));
      return OK;
    } catch (InvalidInstanceException e) {
      String source = file == null ? "--random" : file.toString();
      String problems = String.valueOf(e.getMessage());
      problems.lines().forEach(line -> error(source + ": " + line));
    } catch (IOException e) {
      error("cannot read or write " + e);
    }
    return FAILED;
  }

  private String instance() throws IOException {
    if (file != null) {
      return Files.readString(file);
    }
    try {
      return new RandomInstance(random == null ? 0 : random, seed).write();
    } catch (IllegalArgumentException e) {
      throw wrong("--random: " + e.getMessage());
    }
  }

  private String converted(String text) throws InvalidInstanceException {
    WfInstance instance = WfInstanceReader.read(text);
    String wanted = name == null ? TaskNames.definition(instance.name()) : name;
    Conversion conversion;
    try {
      conversion = new Conversion(wanted, timeScale, shortNames, !withoutIds);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    String definition = conversion.write(instance);
    error(summary(wanted, instance, definition.getBytes(StandardCharsets.UTF_8).length));
    return definition;
  }

  /** What the limits of a deployment count. */
  private static String summary(String name, WfInstance instance, int bytes) {
    long unknown = instance.tasks().stream().filter(task -> task.seconds() == null).count();
    return "%s: tasks %d, bytes %d%s"
        .formatted(
            name,
            instance.tasks().size(),
            bytes,
            unknown == 0 ? "" : ", without a recorded runtime " + unknown);
  }

  private void write(String text) throws IOException {
    if (output != null) {
      Files.writeString(output, text);
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private void error(String line) {
    spec.commandLine().getErr().println(line);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
