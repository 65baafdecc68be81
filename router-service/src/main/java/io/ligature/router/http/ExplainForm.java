package io.ligature.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an envelope that routing looks at, as somebody asks about them.
 *
 * @param inputBytes negative: unknown
 * @param prefer agents that come first
 * @param avoid agents that come last
 * @param pin the only one; null: any
 * @param sticky the same agent for the workflow and the capability
 * @param workflowId empty: none
 * @param attempt its id; empty: none
 * @param largerContextThan tokens; null: any
 * @param notAfter when nobody waits any more; null: never
 */
record ExplainForm(
    String capability,
    String tenant,
    long inputBytes,
    @Nullable Money maxCost,
    @Nullable Money remaining,
    List<String> excludedAgents,
    List<String> prefer,
    List<String> avoid,
    @Nullable String pin,
    boolean sticky,
    String workflowId,
    String attempt,
    @Nullable Long largerContextThan,
    @Nullable Instant notAfter) {

  private static final Pattern NAME = Pattern.compile("\\S{1,512}");

  static ExplainForm read(ObjectNode body) {
    List<String> violations = new ArrayList<>();
    Fields fields = new Fields(body, "", violations);
    ExplainForm form =
        new ExplainForm(
            fields.name("capability", null, AgentForm.ID),
            fields.text("tenant", "default"),
            inputBytes(fields),
            money(fields.amount("maxCost")),
            money(fields.amount("remaining")),
            fields.texts("excludedAgents"),
            fields.texts("prefer"),
            fields.texts("avoid"),
            fields.nameOrNone("pin", AgentForm.ID),
            fields.flag("sticky"),
            orEmpty(fields.nameOrNone("workflowId", NAME)),
            orEmpty(fields.nameOrNone("attempt", NAME)),
            fields.whole("largerContextThan", 1),
            fields.instant("notAfter"));
    // Of an envelope too, but without a part in the choice: the first orders what waits, the second
    // is compared with the result.
    Long priority = fields.whole("priority", 0);
    if (priority != null && priority > 9) {
      fields.refuse("priority", "must be a whole number from 0 to 9");
    }
    Double threshold = fields.share("qualityThreshold");
    if (threshold != null && threshold.isNaN()) {
      fields.refuse("qualityThreshold", "must be a number from 0 to 1");
    }
    fields.refuseUnknown();
    if (!violations.isEmpty()) {
      throw Problem.invalid("The request is refused", violations);
    }
    return form;
  }

  /** The one place where what is asked becomes what routing is asked. */
  RoutingRequest request() {
    return new RoutingRequest(
        capability,
        tenant,
        inputBytes,
        maxCost,
        remaining,
        Set.copyOf(excludedAgents),
        largerContextThan == null ? -1 : largerContextThan,
        new RoutingRequest.Hints(prefer, Set.copyOf(avoid), pin, sticky),
        attempt,
        workflowId);
  }

  private static long inputBytes(Fields fields) {
    Long told = fields.whole("inputBytes", 0);
    JsonNode input = fields.take("input");
    if (input.isMissingNode()) {
      return told == null ? -1 : told;
    }
    if (told != null) {
      fields.refuse("input", "give either it or inputBytes");
    }
    return input.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable Money money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount);
  }
}
