/**
 * One class for each promise of docs/guarantees.md, kept from the outside: over HTTP, on real
 * engines.
 */
@NullMarked
package io.throughline.promises;

import org.jspecify.annotations.NullMarked;
