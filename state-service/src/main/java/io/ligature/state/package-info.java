/** The state service: drives workflows by folding one ordered log of inputs for each. */
@NullMarked
package io.ligature.state;

import org.jspecify.annotations.NullMarked;
