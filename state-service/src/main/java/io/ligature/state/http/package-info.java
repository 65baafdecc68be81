/** REST: start, show, list and command workflows; keep their definitions. */
@NullMarked
package io.ligature.state.http;

import org.jspecify.annotations.NullMarked;
