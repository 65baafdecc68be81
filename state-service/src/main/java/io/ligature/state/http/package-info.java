/** REST: start, show, list and cancel workflows; keep their definitions. */
@NullMarked
package io.ligature.state.http;

import org.jspecify.annotations.NullMarked;
