/** Mends the form of an answer, never its content. Pure. */
@NullMarked
package io.ligature.executor.execution.repair;

import org.jspecify.annotations.NullMarked;
