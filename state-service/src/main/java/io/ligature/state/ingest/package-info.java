/** Checks what comes from outside and forwards it to the inbox; the view of the definitions. */
@NullMarked
package io.ligature.state.ingest;

import org.jspecify.annotations.NullMarked;
