@NullMarked
package io.stepstream.asl.run;

import org.jspecify.annotations.NullMarked;
