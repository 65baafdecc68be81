/** The web page of the reviewers: rendered here, working without scripts, better with them. */
@NullMarked
package io.ligature.approval.inbox;

import org.jspecify.annotations.NullMarked;
