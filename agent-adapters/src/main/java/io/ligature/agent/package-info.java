/** One contract for every agent, and the adapters that speak to them. */
@NullMarked
package io.ligature.agent;

import org.jspecify.annotations.NullMarked;
