package io.ligature.agent.model;

import io.ligature.agent.CallFailure;
import io.ligature.schemas.ErrorKind;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which kind of failure a provider's error is. Codes count before words, and both before the
 * status.
 */
final class Refusals {

  private static final int LONGEST_WORDS = 500;
  private static final int OK = 200;
  private static final int OVERLOADED = 529;

  private static final Pattern TOO_LONG =
      Pattern.compile(
          "context.?(length|window|size)|prompt is too long|input is too long|too many tokens"
              + "|maximum (context|number of tokens)|exceeds? the (maximum|max|available) .*token"
              + "|input token count",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_CREDIT =
      Pattern.compile(
          "credit balance is too low|insufficient (quota|balance|credits?)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FORMAT =
      Pattern.compile(
          "response.?format|json.?schema|json.?object|response.?(json.?)?schema"
              + "|response.?mime.?type|output.?(config|format)|structured.?output",
          Pattern.CASE_INSENSITIVE);

  private Refusals() {}

  /**
   * True when the endpoint does not take the way it was asked for JSON. It has done no work then,
   * and may be asked in another way.
   */
  static boolean isOfFormat(int status, String body) {
    return (status == 400 || status == 422) && FORMAT.matcher(body).find();
  }

  /** An answer with a status that is no success. */
  static CallFailure of(int status, HttpHeaders headers, ProviderError error, Instant now) {
    return new CallFailure(
        kind(status, error),
        "the provider answered with HTTP " + status + words(error),
        RetryHints.retryAfter(headers, error, now),
        mayBeBilled(status));
  }

  /** An error in the middle of an answer; the model has begun to work. */
  static CallFailure midway(HttpHeaders headers, ProviderError error, Instant now) {
    return new CallFailure(
        kind(error.status() == 0 ? OK : error.status(), error),
        "the provider broke its answer off" + words(error),
        RetryHints.retryAfter(headers, error, now),
        true);
  }

  private static ErrorKind kind(int status, ProviderError error) {
    return byCode(error)
        .or(() -> byWords(status, error))
        .or(() -> status == OK ? byType(error) : Optional.empty())
        .orElseGet(() -> byStatus(status));
  }

  private static Optional<ErrorKind> byCode(ProviderError error) {
    if (error.says("context_length_exceeded", "request_too_large")) {
      return Optional.of(ErrorKind.CONTEXT_OVERFLOW);
    }
    if (error.says("content_filter", "content_policy_violation")) {
      return Optional.of(ErrorKind.POLICY_BLOCK);
    }
    if (error.says("insufficient_quota", "billing_error", "billing_hard_limit_reached")) {
      return Optional.of(ErrorKind.RATE_LIMITED);
    }
    if (error.says("invalid_api_key", "api_key_invalid", "authentication_error")
        || error.says("permission_error", "permission_denied", "unauthenticated")) {
      return Optional.of(ErrorKind.AUTH);
    }
    if (error.says("model_not_found", "not_found_error")) {
      return Optional.of(ErrorKind.NO_AGENT);
    }
    return Optional.empty();
  }

  /** In the middle of an answer the status has been told already, and was a success. */
  private static Optional<ErrorKind> byType(ProviderError error) {
    if (error.says("rate_limit_error", "rate_limit_exceeded", "resource_exhausted")) {
      return Optional.of(ErrorKind.RATE_LIMITED);
    }
    if (error.says("timeout_error", "deadline_exceeded")) {
      return Optional.of(ErrorKind.TIMEOUT);
    }
    if (error.says("overloaded_error", "api_error", "server_error", "unavailable", "internal")) {
      return Optional.of(ErrorKind.UPSTREAM_UNAVAILABLE);
    }
    return Optional.empty();
  }

  private static Optional<ErrorKind> byWords(int status, ProviderError error) {
    boolean ours = status == 400 || status == 413 || status == 422;
    if (NO_CREDIT.matcher(error.message()).find()) {
      return Optional.of(ErrorKind.RATE_LIMITED);
    }
    return ours && TOO_LONG.matcher(error.message()).find()
        ? Optional.of(ErrorKind.CONTEXT_OVERFLOW)
        : Optional.empty();
  }

  private static ErrorKind byStatus(int status) {
    return switch (status) {
      case 402, 429 -> ErrorKind.RATE_LIMITED;
      case 401, 403 -> ErrorKind.AUTH;
      case 404 -> ErrorKind.NO_AGENT;
      case 408, 504 -> ErrorKind.TIMEOUT;
      case 413 -> ErrorKind.CONTEXT_OVERFLOW;
      case 400, 422 -> ErrorKind.INVALID_INPUT;
      default -> status >= 500 ? ErrorKind.UPSTREAM_UNAVAILABLE : ErrorKind.MODEL_ERROR;
    };
  }

  /** 501, 503 and 529 refuse before any work; behind the other 5xx work may have been done. */
  private static boolean mayBeBilled(int status) {
    return status == 408
        || (status >= 500 && status != 501 && status != 503 && status != OVERLOADED);
  }

  private static String words(ProviderError error) {
    String code = error.codes().isEmpty() ? "" : " (" + String.join(", ", error.codes()) + ")";
    String message = error.message();
    if (message.length() > LONGEST_WORDS) {
      message = message.substring(0, LONGEST_WORDS) + "…";
    }
    return code + (message.isEmpty() ? "" : ": " + message);
  }
}
