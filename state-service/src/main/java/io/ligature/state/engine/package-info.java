/**
 * The heart of Ligature: decides what a workflow does next, without touching the world.
 *
 * <p>{@code Engine} takes rows and a command and gives back events, changed rows and effects; the
 * shell around it loads, writes and sends. Nothing here knows a clock, chance, a broker or a log.
 */
@NullMarked
package io.ligature.state.engine;

import org.jspecify.annotations.NullMarked;
