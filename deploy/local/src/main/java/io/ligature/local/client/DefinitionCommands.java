package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.Problem;
import io.ligature.schemas.wire.Payloads;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      Table table = new Table("NAME", "VERSION", "CREATED", "BY");
      for (JsonNode definition : WorkflowCommands.items(page, "definitions")) {
        table.row(
            WorkflowText.text(definition, "name"),
            WorkflowText.text(definition, "version"),
            WorkflowText.text(definition, "createdAt"),
            WorkflowText.text(definition, "createdBy"));
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

  @Command(name = "show", description = "Shows the newest version of a definition.")
  static final class Show implements Callable<Integer> {
    @Mixin private final Session session = new Session();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() {
      JsonNode definition = session.state().get("/definitions/" + Api.segment(name));
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
          session.print(
              session.json()
                  ? "{\"valid\": true, \"problems\": []}"
                  : file
                      + ": "
                      + sound.definition().name()
                      + " is sound, "
                      + sound.definition().tasks().size()
                      + " tasks");
          yield ExitCodes.OK;
        }
        case ParsedDefinition.Refused refused -> {
          if (session.json()) {
            session.print(json(refused));
          } else {
            refused.problems().forEach(problem -> session.print(problem.in(file.toString())));
          }
          yield ExitCodes.FAILED;
        }
      };
    }

    private static JsonNode json(ParsedDefinition.Refused refused) {
      ArrayNode problems = Payloads.JSON.createArrayNode();
      for (Problem problem : refused.problems()) {
        problems
            .addObject()
            .put("line", problem.line())
            .put("column", problem.column())
            .put("path", problem.path())
            .put("message", problem.message())
            .put("remedy", problem.remedy());
      }
      return Payloads.JSON.createObjectNode().put("valid", false).set("problems", problems);
    }
  }
}
