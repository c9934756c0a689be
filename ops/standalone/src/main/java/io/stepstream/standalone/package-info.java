/** The whole of Stepstream in one process: a Kafka broker, the engine, its views and the gateway. */
@NullMarked
package io.stepstream.standalone;

import org.jspecify.annotations.NullMarked;
