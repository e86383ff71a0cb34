/** The rules of the house, checked: modules, words, generated pages. */
@NullMarked
package io.throughline.architecture;

import org.jspecify.annotations.NullMarked;
