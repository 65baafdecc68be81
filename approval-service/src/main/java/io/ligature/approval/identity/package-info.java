/** Who asks: their name, roles and tenant, and what of a review they may see. */
@NullMarked
package io.ligature.approval.identity;

import org.jspecify.annotations.NullMarked;
