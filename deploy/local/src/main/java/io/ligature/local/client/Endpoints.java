package io.ligature.local.client;

import java.net.URI;
import java.util.Map;
import java.util.TreeSet;

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

  Api stateApi() {
    return new Api(state, OPERATOR, password(OPERATOR));
  }

  Api routerApi() {
    return new Api(router, OPERATOR, password(OPERATOR));
  }

  Api approvalApi(String user) {
    return new Api(approval, user, password(user));
  }

  String password(String user) {
    String password = passwords.get(user);
    if (password == null) {
      throw new CommandFailure(
          ExitCodes.USAGE,
          "there is no user '"
              + user
              + "' here; known are "
              + String.join(", ", new TreeSet<>(passwords.keySet())));
    }
    return password;
  }
}
