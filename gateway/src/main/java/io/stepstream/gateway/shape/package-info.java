/** The service model: what each operation takes and gives, and the checks that follow from it. */
@NullMarked
package io.stepstream.gateway.shape;

import org.jspecify.annotations.NullMarked;
