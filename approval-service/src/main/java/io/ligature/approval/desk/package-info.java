/** What a person does to a review, however they ask for it. */
@NullMarked
package io.ligature.approval.desk;

import org.jspecify.annotations.NullMarked;
