/**
 * Released tracking clients, as their vendors publish them, against the running server: a website
 * moves here by changing a host name, and this package shows it. The npm packages are those of
 * {@code src/test/js}; docs/tracking-clients.md is the list for users.
 */
@NullMarked
package io.throughline.clients;

import org.jspecify.annotations.NullMarked;
