@NullMarked
package io.stepstream.asl.model;

import org.jspecify.annotations.NullMarked;
