/** Pieces of answers that are still being written, on their way to people who watch. */
@NullMarked
package io.ligature.state.partial;

import org.jspecify.annotations.NullMarked;
