package io.ligature.local.client;

import java.net.URI;
import java.util.Map;

/**
 * Where a running Ligature is reached, and as whom.
 *
 * @param passwords by user name
 */
public record Endpoints(
    URI state,
    URI router,
    URI approval,
    String bootstrapServers,
    URI registry,
    Map<String, String> passwords) {

  static final String OPERATOR = "operator";

  String password(String user) {
    String password = passwords.get(user);
    if (password == null) {
      throw new CommandFailure(
          ExitCodes.USAGE,
          "there is no user '"
              + user
              + "' here; known are "
              + String.join(", ", passwords.keySet()));
    }
    return password;
  }
}
