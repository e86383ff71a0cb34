/**
 * The one gate for everything that leaves: consent, suppressions, recent orders, and the reason.
 *
 * <p>Promises: who sends anything about a profile asks {@link io.throughline.contact.ContactGate}
 * and is told whether it may, and if not which rule forbids it, in a sentence that a marketer
 * understands; what holds is what is known of the person at the moment of asking. A suppression
 * holds for whoever has the identifier now, through merges, unmerges and an erasure, and names
 * nobody who was erased. Caps and quiet hours are still to come.
 *
 * <p>Tables: {@code contact_*}. No topics, no meters.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "platform",
            "workspace",
            "identity",
            "profile",
            "privacy :: consent",
            "commerce"
        })
package io.throughline.contact;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
