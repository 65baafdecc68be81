/** Folds what needs review and reviewers' commands into reviews, one writer for each. */
@NullMarked
package io.ligature.approval.stream;

import org.jspecify.annotations.NullMarked;
