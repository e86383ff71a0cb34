package io.throughline.activation.delivery;

import java.util.HashMap;
import java.util.Map;

/** The slots one transaction took, to be given back when it does not commit. */
final class TakenSlots {
    private final Slots slots;
    private final Map<Long, Integer> taken = new HashMap<>();

    TakenSlots(Slots slots) {
        this.slots = slots;
    }

    boolean takeOne(Receiver receiver) {
        if (slots.take(receiver, 1) == 0) {
            return false;
        }
        taken.merge(receiver.id(), 1, Integer::sum);
        return true;
    }

    void giveBack() {
        taken.forEach(slots::release);
        taken.clear();
    }
}
