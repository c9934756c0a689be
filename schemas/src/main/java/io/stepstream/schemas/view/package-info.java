@NullMarked
package io.stepstream.schemas.view;

import org.jspecify.annotations.NullMarked;
