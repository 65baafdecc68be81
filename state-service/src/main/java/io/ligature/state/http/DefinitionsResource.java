package io.ligature.state.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.DefinitionDiff;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.Problem;
import io.ligature.state.StateRuntime;
import io.ligature.state.engine.WorkflowStatus;
import io.ligature.state.ingest.DefinitionWriter;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Definitions: put, look at, and check them. */
@Path("/definitions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "definitions")
public class DefinitionsResource {

  private static final String YAML = "application/yaml";

  private final StateRuntime runtime;
  private final SecurityIdentity identity;

  /** A version of a definition. */
  public record Version(String name, int version, String sha256) {
    static Version of(WorkflowDefinition definition) {
      return new Version(definition.getName(), definition.getVersion(), definition.getSha256());
    }
  }

  /** A version of a definition with its text, and the versions there are. */
  public record Full(
      String name,
      int version,
      String sha256,
      String contentType,
      String createdAt,
      String createdBy,
      List<Integer> versions,
      String source) {}

  /**
   * What a check found.
   *
   * @param change against the newest version that is kept; absent: there is none, or it is refused
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Checked(boolean valid, List<Problem> problems, @Nullable Change change) {}

  /**
   * What putting the text would change. No workflow that runs is touched: each keeps its version.
   *
   * @param newest the version it would follow
   * @param difference tasks added, removed and changed, and fields of the whole
   * @param running how many open workflows of this instance keep which version, the newest pages of
   *     them
   */
  public record Change(int newest, DefinitionDiff difference, Map<Integer, Long> running) {}

  public DefinitionsResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @GET
  @RolesAllowed({Roles.VIEWER, Roles.STARTER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(summary = "The newest version of every definition, by name")
  public List<Version> list() {
    return runtime.parts().catalog().newest().stream().map(Version::of).toList();
  }

  @GET
  @Path("/{name}")
  @RolesAllowed({Roles.VIEWER, Roles.STARTER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "One version of a definition with its text; the newest unless told otherwise")
  @APIResponse(responseCode = "404", description = "There is no such definition or version")
  public Full show(
      @PathParam("name") String name, @QueryParam("version") @Nullable Integer version) {
    WorkflowDefinition found =
        runtime
            .parts()
            .catalog()
            .find(name, version)
            .orElseThrow(
                () ->
                    ApiProblem.noDefinition(
                        "there is no definition '"
                            + name
                            + "'"
                            + (version == null ? "" : " of version " + version)
                            + "; GET /definitions lists them"));
    return new Full(
        found.getName(),
        found.getVersion(),
        found.getSha256(),
        found.getContentType(),
        found.getCreatedAt().toString(),
        found.getCreatedBy(),
        runtime.parts().catalog().versions(name),
        found.getSource());
  }

  @PUT
  @Path("/{name}")
  @Consumes({
    YAML,
    "application/x-yaml",
    "text/yaml",
    MediaType.TEXT_PLAIN,
    MediaType.APPLICATION_JSON
  })
  @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "Puts a definition",
      description =
          "A text that differs from the newest version's becomes the next version. Versions never"
              + " change; running workflows keep the one they began"
              + " with.")
  @APIResponse(responseCode = "200", description = "The newest version has this text already")
  @APIResponse(responseCode = "201", description = "A new version")
  @APIResponse(responseCode = "400", description = "The text is not a sound definition")
  public Response put(
      @PathParam("name") String name,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
      String text) {
    checkSound(name, text);
    String type =
        contentType != null && contentType.contains("json") ? MediaType.APPLICATION_JSON : YAML;
    DefinitionWriter.Outcome outcome =
        runtime
            .parts()
            .writer()
            .put(new DefinitionWriter.Text(name, text, type), Caller.of(identity).name());
    return switch (outcome) {
      case DefinitionWriter.Created(WorkflowDefinition definition) ->
          Response.status(201).entity(Version.of(definition)).build();
      case DefinitionWriter.Unchanged(WorkflowDefinition definition) ->
          Response.ok(Version.of(definition)).build();
    };
  }

  @POST
  @Path("/validate")
  @Consumes({
    YAML,
    "application/x-yaml",
    "text/yaml",
    MediaType.TEXT_PLAIN,
    MediaType.APPLICATION_JSON
  })
  @RolesAllowed({Roles.VIEWER, Roles.STARTER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "Checks a definition and keeps nothing",
      description =
          "valid, problems [{line, column, pointer, message, remedy}], and for a sound one that"
              + " has versions already: change {newest, difference, running}. Workflows that run"
              + " keep their version; running tells how many there are by version.")
  public Checked validate(String text) {
    return switch (runtime.parser().parse(text)) {
      case ParsedDefinition.Sound sound ->
          new Checked(true, List.of(), change(sound.definition().name(), text));
      case ParsedDefinition.Refused refused -> new Checked(false, refused.problems(), null);
    };
  }

  private @Nullable Change change(String name, String text) {
    WorkflowDefinition newest = runtime.parts().catalog().find(name, null).orElse(null);
    return newest == null
        ? null
        : new Change(
            newest.getVersion(), DefinitionDiff.between(newest.getSource(), text), running(name));
  }

  private Map<Integer, Long> running(String name) {
    Caller caller = Caller.of(identity);
    var http = runtime.settings().state().http();
    return runtime
        .parts()
        .queries()
        .list(
            new WorkflowQueries.Question(
                EnumSet.of(
                    WorkflowStatus.RUNNING, WorkflowStatus.PAUSED, WorkflowStatus.COMPENSATING),
                row -> caller.sees(row.tenant()) && row.definition().name().equals(name),
                null,
                http.maxPage(),
                http.maxScan()))
        .workflows()
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.definition().version(), TreeMap::new, Collectors.counting()));
  }

  private void checkSound(String name, String text) {
    ParsedDefinition.Sound sound =
        switch (runtime.parser().parse(text)) {
          case ParsedDefinition.Sound found -> found;
          case ParsedDefinition.Refused refused ->
              throw ApiProblem.invalid(
                  "Not a sound definition",
                  refused.problems().stream().map(problem -> problem.in(name)).toList());
        };
    String own = sound.definition().name();
    if (!own.equals(name)) {
      throw ApiProblem.invalid(
          "Two names",
          List.of(
              "name: the text says '" + own + "', the address '" + name + "'; make them the same"));
    }
  }
}
