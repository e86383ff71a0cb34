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
    private final Settling settling;
    private final Clock clock;

    FanOut(
            EventTransactions transactions,
            Receivers receivers,
            Slots slots,
            Renderer renderer,
            Settling settling,
            Clock clock) {
        this.transactions = transactions;
        this.receivers = receivers;
        this.slots = slots;
        this.renderer = renderer;
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
     */
    record Result(
            List<Leased> leased,
            Map<Long, Instant> due,
            int accepted,
            int coalesced,
            int cancelled) {
        static final Result NOTHING = new Result(List.of(), Map.of(), 0, 0, 0);
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
        FanOutBatch.Bodies bodies =
                new FanOutBatch.Bodies(
                        renderer.events(matches.events()),
                        renderer.states(settle.isZero() ? startable(matches) : List.of()));
        for (int attempt = 1; ; attempt++) {
            TakenSlots taken = new TakenSlots(slots);
            Instant now = clock.instant();
            try {
                return transactions.run(connection ->
                        new FanOutBatch(
                                        connection,
                                        matches,
                                        bodies,
                                        TouchedLanes.lock(connection, matches, receivers),
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

    /** States that find a free slot now; whether their lanes are idle is not known yet. */
    private List<Renderer.Wanted> startable(Matches matches) {
        Instant now = clock.instant();
        return matches.states().stream()
                .filter(state -> receivers.mayStart(state.receiver(), now))
                .filter(state -> slots.free(state.receiver()) > 0)
                .map(Renderer.Wanted::of)
                .toList();
    }
}
