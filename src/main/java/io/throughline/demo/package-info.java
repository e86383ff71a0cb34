/**
 * The demo shop at {@code /demo}: the first run, told by a store that uses the SDK, with the
 * visitor's live profile, events and webhooks beside it.
 *
 * <p>Promises: is there only where {@code throughline.demo.enabled} says so, which is the default
 * of embedded engines on loopback, and never on another address; carries no token; shows a visitor
 * only to who knows the anonymousId, and a profile only while it consists of made-up people of the
 * demo; creates its destination with the first visitor, not before; keeps a bounded number of
 * received webhooks, in memory.
 *
 * <p>Tables: none. Topics: none.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"event", "platform", "workspace", "profile", "activation"})
package io.throughline.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
