@NullMarked
package io.stepstream.schemas.topic;

import org.jspecify.annotations.NullMarked;
