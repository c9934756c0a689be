@NullMarked
package io.stepstream.schemas.api;

import org.jspecify.annotations.NullMarked;
