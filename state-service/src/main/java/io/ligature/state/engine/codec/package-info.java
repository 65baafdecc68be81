/** Between the engine's values and bytes or records. */
@NullMarked
package io.ligature.state.engine.codec;

import org.jspecify.annotations.NullMarked;
