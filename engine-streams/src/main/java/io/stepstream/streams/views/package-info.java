/**
 * The read side: what the public topics say, kept in local stores and indexes, and answered to gateways. A Streams
 * application of its own beside the engine's.
 */
@NullMarked
package io.stepstream.streams.views;

import org.jspecify.annotations.NullMarked;
