package io.ligature.state.partial;

import io.ligature.avro.TaskPartial;

/**
 * A piece of an answer.
 *
 * @param offset of its record
 */
public record Piece(TaskPartial partial, long offset) {}
