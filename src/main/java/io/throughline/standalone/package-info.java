/** The first run: embedded PostgreSQL and Kafka, and the sentences that greet a newcomer. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform"})
package io.throughline.standalone;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
