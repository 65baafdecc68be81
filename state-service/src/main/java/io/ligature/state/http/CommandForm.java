package io.ligature.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Payload;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.StateSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a command on a workflow. As with {@link JsonForm}, what is read is right only after
 * {@link #check} has not thrown.
 */
final class CommandForm {

  private static final String COMMAND_ID = "commandId";

  /** Names of tasks, joined by '.', with items, branches, iterations and compensations. */
  private static final Pattern TASK_PATH = Pattern.compile("[A-Za-z][A-Za-z0-9_.\\[\\]~!-]*");

  private final JsonForm form;
  private final Limits limits;
  private final String commandId;

  /**
   * How large the parts of a command may be.
   *
   * @param reason characters
   * @param name characters of a command's id, of a signal's name and its correlation
   * @param taskPath characters
   */
  record Limits(int reason, int name, int taskPath, PayloadLimit payload) {
    static Limits of(StateSettings settings) {
      StateSettings.Http http = settings.state().http();
      return new Limits(
          http.maxReason(),
          http.maxName(),
          http.maxTaskPath(),
          new PayloadLimit(settings.payload().maxBytes()));
    }
  }

  /**
   * @param what command it is, with its article
   * @param fields it may have beside {@code commandId}
   * @throws ApiProblem when it is not one JSON object
   */
  CommandForm(String what, String text, Set<String> fields, Limits limits) {
    Set<String> all = new HashSet<>(fields);
    all.add(COMMAND_ID);
    this.form = new JsonForm(what, text.isBlank() ? "{}" : text, all);
    this.limits = limits;
    String given = form.text(COMMAND_ID, limits.name);
    this.commandId = given == null ? UUID.randomUUID().toString() : given;
  }

  /** As it was given, so that a repeated request is one command; else made up. */
  String commandId() {
    return commandId;
  }

  String reason() {
    return form.required("reason", limits.reason, "say why; it stands in the audit trail");
  }

  String name(String field) {
    return form.required(field, limits.name, "give a name");
  }

  @Nullable String optionalName(String field) {
    return form.text(field, limits.name);
  }

  boolean flag(String field) {
    return form.flag(field);
  }

  /** Any JSON; null when it is absent. */
  @Nullable Payload payload(String field) {
    JsonNode value = form.value(field);
    if (value == null) {
      return null;
    }
    Payload payload = Payloads.json(value);
    Optional<String> tooLarge = limits.payload.violation(field, payload);
    tooLarge.ifPresent(form::wrong);
    return tooLarge.isPresent() ? null : payload;
  }

  /** More than nothing. */
  Money amount() {
    Money amount = form.amount("amount", form.value("amount"));
    if (amount != null && amount.compareTo(Money.ZERO) <= 0) {
      form.wrong("amount: " + amount + " adds nothing; give an amount above 0");
    }
    return amount == null ? Money.ZERO : amount;
  }

  /**
   * The path of a task in the address, as the server decoded it.
   *
   * @throws ApiProblem when no task can have that path
   */
  static String task(String path, Limits limits) {
    if (path.length() > limits.taskPath || !TASK_PATH.matcher(path).matches()) {
      throw ApiProblem.invalid(
          "Not a task",
          List.of(
              "task: give a path as the workflow's view has it, such as fan[7].draft~2, at most "
                  + limits.taskPath
                  + " characters, percent-encoded in the address"));
    }
    return path;
  }

  /**
   * @throws ApiProblem naming everything that is wrong
   */
  void check() {
    form.check();
  }
}
