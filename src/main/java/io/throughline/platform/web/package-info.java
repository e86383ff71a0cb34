/**
 * How the API answers: {@link io.throughline.platform.web.Problem problems} (RFC 9457), {@link
 * io.throughline.platform.web.Page pages} with an opaque {@link io.throughline.platform.web.Cursor
 * cursor}, JSON merge patch. A controller takes {@link io.throughline.platform.web.Paging} as a
 * plain parameter and throws {@link io.throughline.platform.web.ProblemException}; a body with a
 * field that the record does not know is refused by name.
 */
@NullMarked
package io.throughline.platform.web;

import org.jspecify.annotations.NullMarked;
