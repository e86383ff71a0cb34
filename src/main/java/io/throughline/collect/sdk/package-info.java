/**
 * Serves the JavaScript SDK, {@code src/main/js} as the build has minified it: {@code
 * /throughline.js}, always the current one, and {@code /throughline.<hash>.js}, this one for ever.
 * Needs nothing else of the server: it is answered while log and database are away.
 */
@NullMarked
package io.throughline.collect.sdk;

import org.jspecify.annotations.NullMarked;
