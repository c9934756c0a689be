@NullMarked
package io.stepstream.asl.query.jsonata;

import org.jspecify.annotations.NullMarked;
