/** One test for each bug that was found, named by its symptom. */
@NullMarked
package io.throughline.regressions;

import org.jspecify.annotations.NullMarked;
