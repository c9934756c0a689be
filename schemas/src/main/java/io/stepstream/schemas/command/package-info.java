@NullMarked
package io.stepstream.schemas.command;

import org.jspecify.annotations.NullMarked;
