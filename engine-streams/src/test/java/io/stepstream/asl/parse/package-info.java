@NullMarked
package io.stepstream.asl.parse;

import org.jspecify.annotations.NullMarked;
