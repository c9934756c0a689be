@NullMarked
package io.stepstream.schemas.event;

import org.jspecify.annotations.NullMarked;
