package io.throughline.identity;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tombstones among some identifiers, and what they leave of an event: a pure decision. */
record Tombstones(Map<NodeKey, Tombstone> found) {

    /**
     * Empty when the event's anchor is erased: the event goes. An erased identifier beside the
     * anchor only goes out of the evidence, so the other user of a shared device loses nothing.
     */
    Optional<Evidence> permitted(Evidence evidence) {
        EventIdentifiers identifiers = evidence.identifiers();
        if (found.isEmpty() || identifiers.anchor() == null) {
            return Optional.of(evidence);
        }
        if (isForbidden(evidence, identifiers.anchor())) {
            return Optional.empty();
        }
        Set<Identifier> forbidden = new HashSet<>();
        for (Identifier named : identifiers.named()) {
            if (isForbidden(evidence, named)) {
                forbidden.add(named);
            }
        }
        return Optional.of(
                forbidden.isEmpty()
                        ? evidence
                        : new Evidence(
                                evidence.workspace(),
                                identifiers.without(forbidden),
                                evidence.time(),
                                evidence.messageId()));
    }

    private boolean isForbidden(Evidence evidence, Identifier identifier) {
        Tombstone tombstone = found.get(new NodeKey(evidence.workspace(), identifier));
        return tombstone != null && tombstone.forbids(evidence.time());
    }
}
