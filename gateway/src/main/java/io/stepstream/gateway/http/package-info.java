@NullMarked
package io.stepstream.gateway.http;

import org.jspecify.annotations.NullMarked;
