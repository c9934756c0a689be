@NullMarked
package io.stepstream.schemas;

import org.jspecify.annotations.NullMarked;
