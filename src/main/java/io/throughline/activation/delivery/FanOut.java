package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.jdbc.SqlFailures;
import io.throughline.profile.ProfileUpdate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Turns a batch of updates into what is owed, in one transaction: event items as rows, states in
 * their lanes. When it returns, all of it is stored, and what could start at once is leased to this
 * instance. The same batch again changes nothing.
 */
final class FanOut {
    private static final int TRIES = 5;

    private final EventTransactions transactions;
    private final Receivers receivers;
    private final Slots slots;
    private final Renderer renderer;
    private final Contacts contacts;
    private final Settling settling;
    private final Clock clock;

    FanOut(
            EventTransactions transactions,
            Receivers receivers,
            Slots slots,
            Renderer renderer,
            Contacts contacts,
            Settling settling,
            Clock clock) {
        this.transactions = transactions;
        this.receivers = receivers;
        this.slots = slots;
        this.renderer = renderer;
        this.contacts = contacts;
        this.settling = settling;
        this.clock = clock;
    }

    /**
     * What a batch came to.
     *
     * @param leased to be sent now; a slot is taken for each
     * @param due destinations that have waiting rows, and when the first is due
     * @param accepted deliveries that are new
     * @param coalesced states that a newer one replaced, or that were known
     * @param cancelled states of profiles that were merged
     * @param withheld what a destination does not want to be told, or may not
     */
    record Result(
            List<Leased> leased,
            Map<Long, Instant> due,
            int accepted,
            int coalesced,
            int cancelled,
            List<Withheld> withheld) {
        static final Result NOTHING = new Result(List.of(), Map.of(), 0, 0, 0, List.of());
    }

    /**
     * @throws org.springframework.dao.DataAccessException when nothing was stored; the batch has to
     *     come again
     */
    Result add(List<ProfileUpdate> updates) {
        receivers.refreshIfStale();
        Matches matches = Matches.of(updates, receivers::hearing);
        if (matches.isEmpty()) {
            return Result.NOTHING;
        }
        Duration settle = settling.time();
        Selection selection =
                Selection.of(
                        matches,
                        transactions.snapshot(
                                connection -> contacts.suppressed(connection, matches.questions())),
                        renderer,
                        state -> settle.isZero() && isStartable(state),
                        clock.instant());
        for (int attempt = 1; ; attempt++) {
            TakenSlots taken = new TakenSlots(slots);
            Instant now = clock.instant();
            try {
                return transactions.run(connection ->
                        new FanOutBatch(
                                        connection,
                                        selection,
                                        TouchedLanes.lock(
                                                connection, selection.matches(), receivers),
                                        receivers,
                                        taken,
                                        settle,
                                        now)
                                .write());
            } catch (RuntimeException e) {
                taken.giveBack();
                if (attempt == TRIES || !SqlFailures.isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    /** Whether the state finds a free slot now; whether its lane is idle is not known yet. */
    private boolean isStartable(Matches.State state) {
        return !state.receiver().takesBatches()
                && receivers.mayStart(state.receiver(), clock.instant())
                && slots.free(state.receiver()) > 0;
    }
}
