/**
 * What the tests on real engines stand on: one PostgreSQL and one Kafka for each JVM, a fresh
 * database for each context, the whole server as a child process.
 */
@NullMarked
package io.throughline.testing;

import org.jspecify.annotations.NullMarked;
