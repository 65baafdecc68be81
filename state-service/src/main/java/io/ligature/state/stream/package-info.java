/** The Kafka Streams shell: loads, lets the engine decide, folds, and only then writes. */
@NullMarked
package io.ligature.state.stream;

import org.jspecify.annotations.NullMarked;
