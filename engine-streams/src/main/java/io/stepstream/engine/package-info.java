@NullMarked
package io.stepstream.engine;

import org.jspecify.annotations.NullMarked;
