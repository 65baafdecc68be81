/** Recorded scientific workflows (WfCommons' WfFormat) as definitions of simulated work. */
@NullMarked
package io.ligature.example.wfcommons;

import org.jspecify.annotations.NullMarked;
