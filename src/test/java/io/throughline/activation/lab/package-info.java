/**
 * Activation under receivers as bad as they come: what an attempt of each is called, what it costs
 * the neighbours, and that order holds across instances, rebalances and merges.
 */
@NullMarked
package io.throughline.activation.lab;

import org.jspecify.annotations.NullMarked;
