/** Tells people and systems outside of what happens to reviews. */
@NullMarked
package io.ligature.approval.notify;

import org.jspecify.annotations.NullMarked;
