package io.ligature.benchmarks;

import io.ligature.embedded.KafkaFixture;
import io.ligature.embedded.Platform;
import io.ligature.embedded.RegistryFixture;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures an executor that holds many slow calls, while a second one joins it. */
@Command(
    name = "in-flight",
    mixinStandardHelpOptions = true,
    description =
        "Holds many slow calls in flight in one executor, lets a second one join in the middle, and"
            + " counts the calls of each attempt.")
final class InFlightCommand implements Callable<Integer> {

  private static final int MOST = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--window",
      defaultValue = "2000",
      description = "Calls in flight (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--delay",
      defaultValue = "PT5S",
      description = "What each call takes (default: ${DEFAULT-VALUE}).")
  private Duration delay;

  @Option(
      names = "--rounds",
      defaultValue = "8",
      description = "How often the window is filled (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON there.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  InFlightCommand() {}

  @Override
  public Integer call() throws Exception {
    check();
    Path data = Files.createTempDirectory("ligature-in-flight");
    TopicPlan plan = TopicPlan.of(TopicSettings.local("ligature"));
    Path registry = RegistryFixture.distribution();
    Path jar = registry.resolve("../../../../executor-service/target/quarkus-app/quarkus-run.jar");
    InFlightReport result;
    try (Platform platform = Platform.start(registry, data.resolve("platform"), plan)) {
      RecordCodec codec = new RecordCodec(RegistrySchemaIds.connect(platform.registryUrl()));
      result =
          new InFlightBench(platform, new Topics("ligature"), codec, jar.normalize(), data)
              .run(window, delay, rounds);
    }
    System.out.print(result.table());
    if (report != null) {
      Files.writeString(
          report, Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result.json()));
    }
    KafkaFixture.deleteTree(data);
    return result.repeated() == 0 ? 0 : 1;
  }

  /** Before anything is started. */
  private void check() {
    if (window < 1 || window > MOST) {
      throw refused("--window: give 1 to " + MOST);
    }
    if (!delay.isPositive() || delay.compareTo(Duration.ofMinutes(1)) > 0) {
      throw refused("--delay: give more than 0, up to PT1M");
    }
    if (rounds < 1 || rounds > 100) {
      throw refused("--rounds: give 1 to 100");
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
