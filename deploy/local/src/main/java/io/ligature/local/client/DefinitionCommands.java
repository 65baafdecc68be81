package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.Problem;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on definitions. */
@Command(
    name = "definitions",
    description = "Lists, puts and shows definitions.",
    subcommands = {
      DefinitionCommands.ListAll.class,
      DefinitionCommands.Put.class,
      DefinitionCommands.Show.class
    })
final class DefinitionCommands {

  /** Puts a definition's text, and answers with its name, version and checksum. */
  static JsonNode put(Api state, String text, String file) {
    ParsedDefinition parsed = new DefinitionParser(DefinitionLimits.DEFAULT).parse(text);
    return switch (parsed) {
      case ParsedDefinition.Sound sound ->
          state.put(
              "/definitions/" + Api.segment(sound.definition().name()), "application/yaml", text);
      case ParsedDefinition.Refused refused ->
          throw new CommandFailure(
              ExitCodes.FAILED,
              refused.problems().stream()
                  .map(problem -> problem.in(file))
                  .collect(Collectors.joining("\n")));
    };
  }

  @Command(name = "list", description = "Lists the definitions.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Override
    public Integer call() {
      JsonNode page = session.state().get("/definitions");
      if (session.json()) {
        session.print(page);
        return ExitCodes.OK;
      }
      Table table = new Table("NAME", "VERSION", "SHA-256");
      for (JsonNode definition : page) {
        table.row(
            WorkflowText.text(definition, "name"),
            WorkflowText.text(definition, "version"),
            WorkflowText.text(definition, "sha256"));
      }
      session.print(table.toString());
      return ExitCodes.OK;
    }
  }

  @Command(name = "put", description = "Puts a definition; other content makes a new version.")
  static final class Put implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      JsonNode put = DefinitionCommands.put(session.state(), Session.file(file), file.toString());
      if (session.json()) {
        session.print(put);
      } else {
        session.print(put.path("name").asText() + " version " + put.path("version").asText());
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "show", description = "Shows a definition's text.")
  static final class Show implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--version", description = "Which version (default: the newest).")
    private @Nullable Integer version;

    @Override
    public Integer call() {
      String wanted = version == null ? "" : "?version=" + version;
      JsonNode definition = session.state().get("/definitions/" + Api.segment(name) + wanted);
      if (session.json() || !definition.hasNonNull("source")) {
        session.print(definition);
      } else {
        session.print(definition.get("source").asText());
      }
      return ExitCodes.OK;
    }
  }

  @Command(name = "validate", description = "Checks a definition without a running Ligature.")
  static final class Validate implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      ParsedDefinition parsed =
          new DefinitionParser(DefinitionLimits.DEFAULT).parse(Session.file(file));
      return switch (parsed) {
        case ParsedDefinition.Sound sound -> {
          int tasks = sound.definition().tasks().size();
          if (session.json()) {
            session.print(json(true, List.of()));
          } else {
            session.print(
                file
                    + ": "
                    + sound.definition().name()
                    + " is sound, "
                    + (tasks == 1 ? "1 task" : tasks + " tasks"));
          }
          yield ExitCodes.OK;
        }
        case ParsedDefinition.Refused refused -> {
          if (session.json()) {
            session.print(json(false, refused.problems()));
          } else {
            refused.problems().forEach(problem -> session.print(problem.in(file.toString())));
          }
          yield ExitCodes.FAILED;
        }
      };
    }

    private static JsonNode json(boolean valid, List<Problem> problems) {
      ObjectNode answer = Payloads.JSON.createObjectNode().put("valid", valid);
      ArrayNode told = answer.putArray("problems");
      for (Problem problem : problems) {
        told.addObject()
            .put("line", problem.line())
            .put("column", problem.column())
            .put("path", problem.path())
            .put("message", problem.message())
            .put("remedy", problem.remedy());
      }
      return answer;
    }
  }
}
