package io.ligature.approval.http;

import io.ligature.approval.desk.Source;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.Context;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** What a request says about itself. */
public class Asked {

  private static final Pattern COMMAND_ID = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final Pattern JSON =
      Pattern.compile("application/([^;,/]+\\+)?json\\s*(;|$)", Pattern.CASE_INSENSITIVE);
  private static final Pattern VERSION = Pattern.compile("\"(\\d{1,18})\"");

  @HeaderParam("Idempotency-Key")
  @Parameter(description = "The same key again gives the same answer and changes nothing")
  @Nullable String key;

  @HeaderParam("If-Match")
  @Parameter(
      description =
          "ETag of the review as you read it: refused with 412 when it changed. Deciding needs it"
              + " where ligature.approval.decisions.require-if-match says so")
  @Nullable String ifMatch;

  @HeaderParam("User-Agent")
  @Parameter(hidden = true)
  @Nullable String userAgent;

  @HeaderParam("Content-Type")
  @Parameter(hidden = true)
  @Nullable String contentType;

  @HeaderParam("traceparent")
  @Parameter(hidden = true)
  @Nullable String traceparent;

  @Context @Nullable HttpServerRequest request;

  /** The same request under another key, about that version of one review; null: any. */
  Asked under(String otherKey, @Nullable Long version) {
    Asked copy = new Asked();
    copy.key = otherKey;
    copy.ifMatch = version == null ? null : Decisions.etag(version);
    copy.userAgent = userAgent;
    copy.traceparent = traceparent;
    copy.request = request;
    return copy;
  }

  /** The body, which is JSON if there is one. */
  @Nullable String json(@Nullable String body) {
    boolean given = body != null && !body.isBlank();
    if (given && contentType != null && !JSON.matcher(contentType).lookingAt()) {
      throw Problem.notJson(contentType);
    }
    return body;
  }

  Source source() {
    return new Source(commandId(), version(), client(), traceparent);
  }

  String client() {
    return Source.client(request == null ? null : request.remoteAddress(), userAgent);
  }

  String commandId() {
    if (key == null) {
      return UUID.randomUUID().toString();
    }
    if (!COMMAND_ID.matcher(key).matches()) {
      throw Problem.invalid("Idempotency-Key: give 1 to 200 printable characters without spaces");
    }
    return key;
  }

  /** Several reviews have no version together. */
  void refuseVersion() {
    if (ifMatch != null) {
      throw Problem.invalid(
          "If-Match: a batch has no version; name each review's own in 'versions' of the body");
    }
  }

  /** The version that must still hold; null: any. */
  private @Nullable Long version() {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    Matcher matcher = VERSION.matcher(ifMatch.strip());
    if (!matcher.matches()) {
      throw Problem.invalid("If-Match: give the ETag of the review, a number in double quotes");
    }
    return Long.valueOf(matcher.group(1));
  }
}
