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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the approval service with many open reviews. */
@Command(
    name = "reviews",
    mixinStandardHelpOptions = true,
    description =
        "Opens many reviews, then measures pages of their list against the floor of a bare request,"
            + " decisions, and how long a lost store takes to come back.")
final class ReviewsCommand implements Callable<Integer> {

  private static final int MOST = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--reviews",
      defaultValue = "100000",
      description = "Open reviews (default: ${DEFAULT-VALUE}).")
  private int reviews;

  @Option(
      names = "--requests",
      defaultValue = "1000",
      description = "Requests for each kind of page (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--decisions",
      defaultValue = "3000",
      description = "Reviews that are decided (default: ${DEFAULT-VALUE}).")
  private int decisions;

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients that decide at once (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--instances",
      defaultValue = "1",
      description = "Instances that share the reviews; the first is asked (default: 1).")
  private int instances;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON there.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  ReviewsCommand() {}

  @Override
  public Integer call() throws Exception {
    check("--reviews", reviews, 1_000, MOST);
    check("--requests", requests, 10, 100_000);
    check("--decisions", decisions, 10, reviews / 2);
    check("--clients", clients, 1, 100);
    check("--instances", instances, 1, 4);
    Path data = Files.createTempDirectory("ligature-reviews");
    TopicPlan plan = TopicPlan.of(TopicSettings.local("ligature"));
    ReviewsReport result;
    try (Platform platform =
        Platform.start(RegistryFixture.distribution(), data.resolve("platform"), plan)) {
      RecordCodec codec = new RecordCodec(RegistrySchemaIds.connect(platform.registryUrl()));
      result =
          new ReviewsBench(platform, new Topics("ligature"), codec, data)
              .run(new ReviewsBench.Size(reviews, requests, decisions, clients, instances));
    }
    System.out.print(result.table());
    if (report != null) {
      Files.writeString(
          report, Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result.json()));
    }
    KafkaFixture.deleteTree(data);
    return 0;
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(spec.commandLine(), option + ": give " + least + " to " + most);
    }
  }
}
