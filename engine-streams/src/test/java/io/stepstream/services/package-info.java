@NullMarked
package io.stepstream.services;

import org.jspecify.annotations.NullMarked;
