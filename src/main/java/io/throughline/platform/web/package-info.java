/** How the API answers: problems, cursors, pages. */
@NullMarked
package io.throughline.platform.web;

import org.jspecify.annotations.NullMarked;
