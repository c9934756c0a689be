/** What a single step of the language costs, without Kafka: benches for JMH. */
@NullMarked
package io.stepstream.bench.micro;

import org.jspecify.annotations.NullMarked;
