@NullMarked
package io.stepstream.gateway;

import org.jspecify.annotations.NullMarked;
