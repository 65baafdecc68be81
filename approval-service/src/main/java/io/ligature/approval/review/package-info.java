/** Who may decide a review and what comes of it: pure rules, no clock, no service. */
@NullMarked
package io.ligature.approval.review;

import org.jspecify.annotations.NullMarked;
