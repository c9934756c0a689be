/** Who calls, and what they may do. */
@NullMarked
package io.stepstream.gateway.access;

import org.jspecify.annotations.NullMarked;
