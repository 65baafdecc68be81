package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that tell how agents have done. */
final class AgentReports {

  private AgentReports() {}

  @Command(name = "statistics", description = "Shows how agents have done, by capability.")
  static final class Statistics implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(arity = "0..1", paramLabel = "AGENT", description = "Only this one.")
    private @Nullable String id;

    @Option(names = "--capability", description = "Only at this one.")
    private @Nullable String capability;

    @Override
    public Integer call() {
      String path =
          id == null ? "/agents/statistics" : "/agents/" + Api.segment(id) + "/statistics";
      JsonNode answer = session.router().get(path + query("capability", capability));
      if (session.json()) {
        session.print(answer);
        return ExitCodes.OK;
      }
      Table table =
          new Table(
              "AGENT",
              "CAPABILITY",
              "ACCEPTED",
              "REPAIRED",
              "REJECTED",
              "FAILED",
              "REVIEWED",
              "ACCEPTANCE",
              "P50",
              "P90",
              "MEAN COST",
              "SHADOW");
      for (JsonNode each : answer.path("statistics")) {
        table.row(
            WorkflowText.text(each, "agent"),
            WorkflowText.text(each, "capability"),
            count(each.path("accepted").asDouble()),
            count(each.path("repaired").asDouble()),
            count(sum(each.path("rejected"))),
            count(sum(each.path("failed"))),
            count(each.path("reviewed").asDouble()),
            share(each.path("acceptance")),
            WorkflowText.text(each.path("latency"), "p50"),
            WorkflowText.text(each.path("latency"), "p90"),
            WorkflowText.text(each.path("cost"), "mean"),
            share(each.path("shadow").path("agreement")));
      }
      session.print(table.toString());
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "calibration",
      description = "Shows what agents' claimed confidences have been worth.")
  static final class Calibration implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(arity = "0..1", paramLabel = "AGENT", description = "Only this one.")
    private @Nullable String id;

    @Option(names = "--capability", description = "Only at this one.")
    private @Nullable String capability;

    @Override
    public Integer call() {
      Api router = session.router();
      List<JsonNode> reports = new ArrayList<>();
      for (String agent : id == null ? agents(router) : List.of(id)) {
        reports.add(
            router.get(
                "/agents/"
                    + Api.segment(agent)
                    + "/calibration"
                    + query("capability", capability)));
      }
      if (session.json()) {
        ObjectNode answer = Payloads.JSON.createObjectNode();
        answer.putArray("agents").addAll(reports);
        session.print(answer);
        return ExitCodes.OK;
      }
      reports.forEach(this::print);
      return ExitCodes.OK;
    }

    /** Those that anything is known of. */
    private List<String> agents(Api router) {
      List<String> agents = new ArrayList<>();
      JsonNode answer = router.get("/agents/statistics" + query("capability", capability));
      for (JsonNode each : answer.path("statistics")) {
        String agent = each.path("agent").asText();
        if (!agents.contains(agent)) {
          agents.add(agent);
        }
      }
      return agents;
    }

    private void print(JsonNode report) {
      for (JsonNode each : report.path("capabilities")) {
        session.print(
            report.path("agent").asText()
                + " at "
                + each.path("capability").asText()
                + ": "
                + count(each.path("verdicts").asDouble())
                + " verdicts, Brier score "
                + number(each.path("brierScore"))
                + ", calibration error "
                + number(each.path("calibrationError"))
                + ", "
                + use(report, each));
        Table table = new Table("CONFIDENCE", "VERDICTS", "CLAIMED", "OBSERVED");
        for (JsonNode bin : each.path("bins")) {
          if (bin.hasNonNull("observed")) {
            table.row(
                bin.path("from").asText() + " to " + bin.path("to").asText(),
                count(bin.path("verdicts").asDouble()),
                number(bin.path("claimed")),
                number(bin.path("observed")));
          }
        }
        session.print(table.toString());
      }
    }

    private static String use(JsonNode report, JsonNode each) {
      if (each.path("inUse").asBoolean()) {
        return "corrected";
      }
      return report.path("enabled").asBoolean()
          ? "taken as claimed: a correction needs " + report.path("minVerdicts").asInt()
          : "taken as claimed: corrections are off (ligature.router.calibration.enabled)";
    }
  }

  static String query(String name, @Nullable String value) {
    return value == null ? "" : "?" + name + "=" + Api.segment(value);
  }

  static String count(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String number(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%.3f", value.doubleValue()) : "-";
  }

  static String share(JsonNode value) {
    return value.isNumber()
        ? String.format(Locale.ROOT, "%.0f %%", 100 * value.doubleValue())
        : "-";
  }

  private static double sum(JsonNode counts) {
    double sum = 0;
    for (JsonNode each : counts) {
      sum += each.asDouble();
    }
    return sum;
  }
}
