/** Starts workflows by the clock, as their definitions say. */
@NullMarked
package io.ligature.state.schedule;

import org.jspecify.annotations.NullMarked;
