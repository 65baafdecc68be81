/** How one attempt is made: who is called, how it is cancelled, what is reported. */
@NullMarked
package io.ligature.executor.execution;

import org.jspecify.annotations.NullMarked;
