@NullMarked
package io.stepstream.streams;

import org.jspecify.annotations.NullMarked;
