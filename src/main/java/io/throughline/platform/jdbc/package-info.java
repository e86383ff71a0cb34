/** How the pipeline writes to PostgreSQL: the transaction manager for events, arrays, retries. */
@NullMarked
package io.throughline.platform.jdbc;

import org.jspecify.annotations.NullMarked;
