package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.TrailLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and checks what happened to reviews. */
final class ReviewTrails {

  private ReviewTrails() {}

  /** The options of those who look at trails. */
  static final class Auditor {
    @Mixin private final Session session = new Session();

    @Option(
        names = "--as",
        paramLabel = "USER",
        defaultValue = "operator",
        description = "Who looks (default: ${DEFAULT-VALUE}).")
    private String user = "";

    Session session() {
      return session;
    }

    Api api() {
      return session.approval(user);
    }
  }

  private static String path(String id) {
    return "/reviews/" + Api.segment(id);
  }

  private static List<TrailLine> trail(Api api, String id) {
    return api.text(path(id) + "/trail").lines().map(TrailLine::new).toList();
  }

  @Command(name = "trail", description = "Shows all that happened to a review, as JSON lines.")
  static final class Trail implements Callable<Integer> {
    @Mixin private final Auditor auditor = new Auditor();

    @Parameters(paramLabel = "REVIEW")
    private String id = "";

    @Override
    public Integer call() {
      auditor.session().print(auditor.api().text(path(id) + "/trail").stripTrailing());
      return ExitCodes.OK;
    }
  }

  @Command(
      name = "verify",
      description = "Checks that nothing in the trail of a review was changed or left out.")
  static final class Verify implements Callable<Integer> {
    @Mixin private final Auditor auditor = new Auditor();

    @Parameters(paramLabel = "REVIEW", arity = "0..1")
    private @Nullable String id;

    @Option(names = "--all", description = "All reviews that the user sees.")
    private boolean all;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "A trail that was exported; nothing needs to run.")
    private @Nullable Path file;

    @Override
    public Integer call() {
      if (Stream.of(all, id != null, file != null).filter(given -> given).count() != 1) {
        throw new CommandFailure(ExitCodes.USAGE, "give one of REVIEW, --all and --file");
      }
      return file == null ? running() : exported(file);
    }

    private Integer exported(Path from) {
      List<TrailLine> lines;
      try {
        lines = Files.readAllLines(from).stream().map(TrailLine::new).toList();
      } catch (IOException e) {
        throw new CommandFailure(ExitCodes.FAILED, "cannot read " + from + ": " + e.getMessage());
      }
      String problem = TrailLine.problem(nameIn(lines), lines);
      auditor
          .session()
          .print(
              problem == null
                  ? lines.size()
                      + " entries are whole; the last one's hash is "
                      + lines.getLast().hash()
                  : from + ": " + problem);
      return problem == null ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** What the first entry says that it is about, if it is one. */
    private static String nameIn(List<TrailLine> lines) {
      return lines.isEmpty() || !lines.getFirst().isWhole()
          ? ""
          : lines.getFirst().json().path("reviewId").asText();
    }

    private Integer running() {
      Api api = auditor.api();
      List<String> ids = id == null ? every(api) : List.of(id);
      int broken = 0;
      for (String each : ids) {
        String problem = problem(api, each);
        if (problem != null) {
          broken++;
          auditor.session().print(each + ": " + problem);
        }
      }
      auditor.session().print(ids.size() - broken + " of " + ids.size() + " trails are whole");
      return broken == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static @Nullable String problem(Api api, String id) {
      List<TrailLine> lines = trail(api, id);
      if (lines.stream().anyMatch(line -> line.json().path("masked").asBoolean())) {
        return "parts of it are hidden from the user, so it has no hashes; verify it --as someone"
            + " with the role 'sensitive'";
      }
      String problem = TrailLine.problem(id, lines);
      String status = api.get(path(id)).path("status").asText();
      boolean told =
          status.equals("open")
              || lines.stream().anyMatch(line -> line.json().path("kind").asText().equals(status));
      return problem == null && !told ? "the trail does not tell that it is " + status : problem;
    }

    private static List<String> every(Api api) {
      List<String> ids = new ArrayList<>();
      for (String status : List.of("open", "decided", "withdrawn")) {
        String cursor = "";
        while (cursor != null) {
          JsonNode page =
              api.get(
                  "/reviews?status="
                      + status
                      + "&limit=200"
                      + (cursor.isEmpty() ? "" : "&cursor=" + Api.segment(cursor)));
          page.path("reviews").forEach(review -> ids.add(review.path("reviewId").asText()));
          cursor = page.path("next").textValue();
        }
      }
      return ids;
    }
  }
}
