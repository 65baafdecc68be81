package io.ligature.state.http;

import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * Who asks.
 *
 * @param tenant of the role {@code tenant:NAME}; {@code default} without one
 * @param admin sees every tenant
 */
record Caller(String name, String tenant, boolean admin) {

  private static final String TENANT = "tenant:";

  static Caller of(SecurityIdentity identity) {
    String tenant =
        identity.getRoles().stream()
            .filter(role -> role.startsWith(TENANT))
            .map(role -> role.substring(TENANT.length()))
            .sorted()
            .findFirst()
            .orElse("default");
    return new Caller(identity.getPrincipal().getName(), tenant, identity.hasRole(Roles.ADMIN));
  }

  boolean sees(String otherTenant) {
    return admin || tenant.equals(otherTenant);
  }

  /**
   * The workflow, when there is one that the caller may see.
   *
   * @throws ApiProblem when there is none
   */
  WorkflowRow workflow(WorkflowQueries queries, String id) {
    return queries
        .header(id)
        .filter(row -> sees(row.tenant()))
        .orElseThrow(() -> ApiProblem.noWorkflow(id));
  }
}
