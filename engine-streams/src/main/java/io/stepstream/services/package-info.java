/** What Tasks can call, and how. Others add to it with a jar of their own. */
@NullMarked
package io.stepstream.services;

import org.jspecify.annotations.NullMarked;
