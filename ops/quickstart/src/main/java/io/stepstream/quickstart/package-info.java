/** A small application of Stepstream: an order workflow, its worker, and a look at the topics. Shown by {@code ops/demo}. */
@NullMarked
package io.stepstream.quickstart;

import org.jspecify.annotations.NullMarked;
