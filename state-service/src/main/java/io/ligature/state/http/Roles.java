package io.ligature.state.http;

/** Names of the roles this service knows. */
final class Roles {

  static final String STARTER = "starter";
  static final String VIEWER = "viewer";
  static final String OPERATOR = "operator";
  static final String ADMIN = "admin";

  private Roles() {}
}
