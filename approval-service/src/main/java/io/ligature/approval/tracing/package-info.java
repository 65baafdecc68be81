/** Spans of what the service does, for whoever looks at traces. */
@NullMarked
package io.ligature.approval.tracing;

import org.jspecify.annotations.NullMarked;
