/** How the pipeline meets Kafka: topics and their settings. */
@NullMarked
package io.throughline.platform.kafka;

import org.jspecify.annotations.NullMarked;
