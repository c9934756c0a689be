/** Load for a running Stepstream, through its public API and topics only, and the table of what was measured. */
@NullMarked
package io.stepstream.bench;

import org.jspecify.annotations.NullMarked;
