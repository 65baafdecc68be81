package io.ligature.state.schedule;

import io.ligature.state.Unavailable;
import io.ligature.state.stream.WorkflowQueries;

/** Asks this instance's store, and the instance that has the run when this one has not. */
public final class QueriedRuns implements Runs {

  private final WorkflowQueries queries;
  private final PeerRuns peers;

  public QueriedRuns(WorkflowQueries queries, PeerRuns peers) {
    this.queries = queries;
    this.peers = peers;
  }

  @Override
  public Standing of(String workflowId) {
    try {
      return queries
          .header(workflowId)
          .map(row -> row.isOpen() ? Standing.OPEN : Standing.ENDED)
          .orElse(Standing.UNKNOWN_ID);
    } catch (WorkflowQueries.ElsewhereException e) {
      return peers.of(e.host().host(), e.host().port(), workflowId);
    } catch (WorkflowQueries.NotReadyException e) {
      throw new Unavailable(String.valueOf(e.getMessage()), e);
    }
  }
}
