@NullMarked
package io.stepstream.asl.query;

import org.jspecify.annotations.NullMarked;
