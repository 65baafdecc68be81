/** The REST API for reviewers. */
@NullMarked
package io.ligature.approval.http;

import org.jspecify.annotations.NullMarked;
