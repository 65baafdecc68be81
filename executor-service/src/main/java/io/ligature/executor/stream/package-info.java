/** The executor on Kafka: assignments in, results and claims out, nothing twice. */
@NullMarked
package io.ligature.executor.stream;

import org.jspecify.annotations.NullMarked;
