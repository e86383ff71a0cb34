package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Exchange;
import io.throughline.activation.webhook.Outcome;

/** An attempt that was made and what it means; not stored yet. */
record Done(Leased leased, Exchange exchange, Outcome outcome) {
    /** Whether the receiver took it. */
    boolean arrived() {
        return outcome instanceof Outcome.Succeeded;
    }

    int attempt() {
        return leased.row().attempts() + 1;
    }
}
