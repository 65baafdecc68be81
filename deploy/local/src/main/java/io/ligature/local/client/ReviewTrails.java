package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.TrailLine;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

  /**
   * What came of checking one trail.
   *
   * @param name of the review or the file
   * @param hash of the last entry, for whoever kept an earlier one: a tail that was cut is seen by
   *     it; null: the trail is not whole
   * @param problem null: the trail is whole
   */
  private record Checked(
      String name, int entries, @Nullable String hash, @Nullable String problem) {

    static Checked of(String name, List<TrailLine> lines, @Nullable String problem) {
      return new Checked(
          name, lines.size(), problem == null ? lines.getLast().hash() : null, problem);
    }

    String words() {
      return problem == null
          ? (entries == 1 ? "the only entry is" : entries + " entries are")
              + " whole; the last one's hash is "
              + hash
          : name + ": " + problem;
    }

    ObjectNode json() {
      return Payloads.JSON
          .createObjectNode()
          .put("trail", name)
          .put("entries", entries)
          .put("hash", hash)
          .put("problem", problem);
    }
  }

  @Command(
      name = "verify",
      description = "Checks that nothing in the trail of a review was changed or left out.")
  static final class Verify implements Callable<Integer> {

    private static final String MASKED =
        "parts of it are hidden from %s, so it has no hashes; verify it --as someone with the role"
            + " 'sensitive'";

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
      if (file != null) {
        return one(exported(file));
      }
      Api api = auditor.api();
      return id == null ? every(api) : one(running(api, id, api.get(path(id))));
    }

    private int one(Checked checked) {
      if (auditor.session().json()) {
        auditor.session().print(checked.json());
      } else {
        auditor.session().print(checked.words());
      }
      return checked.problem() == null ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private int every(Api api) {
      // What ended long ago may be forgotten since it was listed.
      List<Checked> checked =
          ids(api).stream()
              .flatMap(id -> api.find(path(id)).map(review -> running(api, id, review)).stream())
              .toList();
      List<Checked> broken = checked.stream().filter(each -> each.problem() != null).toList();
      int whole = checked.size() - broken.size();
      if (auditor.session().json()) {
        ObjectNode told = Payloads.JSON.createObjectNode();
        told.put("trails", checked.size()).put("whole", whole);
        broken.stream().map(Checked::json).forEach(told.putArray("broken")::add);
        auditor.session().print(told);
      } else {
        broken.forEach(each -> auditor.session().print(each.words()));
        auditor.session().print(whole + " of " + checked.size() + " trails are whole");
      }
      return broken.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static Checked exported(Path from) {
      List<TrailLine> lines;
      try {
        lines = Files.readAllLines(from).stream().map(TrailLine::new).toList();
      } catch (NoSuchFileException e) {
        throw new CommandFailure(ExitCodes.FAILED, "there is no file " + from, e);
      } catch (CharacterCodingException e) {
        throw new CommandFailure(ExitCodes.FAILED, from + " is no text in UTF-8", e);
      } catch (IOException e) {
        throw new CommandFailure(ExitCodes.FAILED, "cannot read " + from + ": " + e, e);
      }
      String problem =
          lines.stream().anyMatch(Verify::isMasked)
              ? MASKED.formatted("whoever exported it")
              : TrailLine.problem(nameIn(lines), lines);
      return Checked.of(from.toString(), lines, problem);
    }

    /**
     * @param review as it was before its trail is asked for: it may be decided in between
     */
    private static Checked running(Api api, String id, JsonNode review) {
      String status = review.path("status").asText();
      List<TrailLine> lines = trail(api, id);
      if (lines.stream().anyMatch(Verify::isMasked)) {
        return Checked.of(id, lines, MASKED.formatted("the user"));
      }
      String problem = TrailLine.problem(id, lines);
      boolean told =
          status.equals("open")
              || lines.stream().anyMatch(line -> line.json().path("kind").asText().equals(status));
      return Checked.of(
          id,
          lines,
          problem == null && !told ? "the trail does not tell that it is " + status : problem);
    }

    /** Without hashes; a line that is no JSON is not masked, it is wrong. */
    private static boolean isMasked(TrailLine line) {
      try {
        return line.json().path("masked").asBoolean();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    /** What the first entry says that it is about, if it is one. */
    private static String nameIn(List<TrailLine> lines) {
      return lines.isEmpty() || !lines.getFirst().isWhole()
          ? ""
          : lines.getFirst().json().path("reviewId").asText();
    }

    /** One that is decided while they are listed stands in two lists. */
    private static Set<String> ids(Api api) {
      Set<String> ids = new LinkedHashSet<>();
      for (String status : List.of("open", "decided", "withdrawn")) {
        String cursor = "";
        while (cursor != null) {
          JsonNode page =
              api.get(
                  "/reviews?status="
                      + status
                      + (cursor.isEmpty() ? "" : "&cursor=" + Api.segment(cursor)));
          page.path("reviews").forEach(review -> ids.add(review.path("reviewId").asText()));
          cursor = page.path("next").textValue();
        }
      }
      return ids;
    }
  }
}
