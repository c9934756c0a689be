@NullMarked
package io.stepstream.gateway.ingress;

import org.jspecify.annotations.NullMarked;
