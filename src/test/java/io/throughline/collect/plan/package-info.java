@NullMarked
package io.throughline.collect.plan;

import org.jspecify.annotations.NullMarked;
