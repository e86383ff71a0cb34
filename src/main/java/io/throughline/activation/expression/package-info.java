/**
 * What people write about messages: CEL filters and JSONata transforms, compiled once and evaluated
 * within bounds. Knows nothing of destinations. What is evaluated is a message as it is sent:
 * {@code type}, {@code timestamp}, {@code data}.
 */
@NullMarked
package io.throughline.activation.expression;

import org.jspecify.annotations.NullMarked;
