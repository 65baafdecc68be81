package io.ligature.state.engine;

import java.time.Instant;

/**
 * One event in its place in the audit trail.
 *
 * @param sequence position in the workflow's own sequence, from 1, without a gap
 */
public record EventEntry(
    String workflowId,
    String rootWorkflowId,
    long sequence,
    Instant at,
    String actor,
    String cause,
    String causeId,
    Event event) {}
