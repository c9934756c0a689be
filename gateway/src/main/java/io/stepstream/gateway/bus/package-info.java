@NullMarked
package io.stepstream.gateway.bus;

import org.jspecify.annotations.NullMarked;
