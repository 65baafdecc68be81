package io.ligature.approval.desk;

import io.vertx.core.net.SocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a wish comes from.
 *
 * @param key the same key twice does it once, and answers the same
 * @param version of the review that was read; null: any will do
 * @param client address and program
 */
public record Source(
    String key, @Nullable Long version, String client, @Nullable String traceparent) {

  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
  private static final int MOST_CLIENT = 200;

  /** Address and program in a line that a trail can hold. */
  public static String client(@Nullable SocketAddress address, @Nullable String program) {
    String from = address == null ? "unknown" : address.hostAddress();
    String with = program == null ? "" : UNPRINTABLE.matcher(program).replaceAll("?");
    String words = with.isBlank() ? from : from + " " + with;
    return words.length() > MOST_CLIENT ? words.substring(0, MOST_CLIENT) : words;
  }
}
