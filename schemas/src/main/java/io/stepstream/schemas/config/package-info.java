@NullMarked
package io.stepstream.schemas.config;

import org.jspecify.annotations.NullMarked;
