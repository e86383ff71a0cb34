package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Answer;
import io.throughline.platform.jdbc.EventTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes since when destinations do nothing but fail, and disables those that have for {@link
 * #LIMIT}: what they are owed is parked until somebody resumes them. A note that is lost in a crash
 * is made again at the next attempt.
 */
final class Failing {
    static final Duration LIMIT = Duration.ofDays(5);

    /** Between two notes about one destination, so that one that comes and goes costs little. */
    private static final Duration REST = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Failing.class);

    private final EventTransactions transactions;
    private final Receivers receivers;
    private final Clock clock;
    private final Map<Long, Instant> noted = new ConcurrentHashMap<>();

    Failing(EventTransactions transactions, Receivers receivers, Clock clock) {
        this.transactions = transactions;
        this.receivers = receivers;
        this.clock = clock;
    }

    /** After attempts were stored. */
    synchronized void heed(List<Done> attempts) {
        Set<Long> arrived = new HashSet<>();
        Set<Long> failed = new HashSet<>();
        for (Done done : attempts) {
            // what we refused ourselves is not the receiver's fault
            if (!(done.exchange().answer() instanceof Answer.Refused)) {
                (done.arrived() ? arrived : failed).add(done.leased().lane().destination());
            }
        }
        failed.removeAll(arrived);
        Instant now = clock.instant();
        arrived.removeIf(id -> !isFailing(id));
        failed.removeIf(id -> isFailing(id) && !isOver(id, now));
        failed.removeIf(id -> !isOver(id, now) && isRested(id, now));
        if (arrived.isEmpty() && failed.isEmpty()) {
            return;
        }
        failed.forEach(id -> noted.put(id, now));
        // one transaction for each statement: together they could wait for another instance's
        transactions.run(connection -> DestinationStore.recovered(connection, arrived));
        transactions.run(connection -> DestinationStore.failing(connection, failed, now));
        Set<Long> disabled =
                transactions.run(connection ->
                        DestinationStore.disable(connection, failed, now.minus(LIMIT)));
        disabled.forEach(id ->
                LOG.warn(
                        "Destination {} is disabled: it has failed for {} days",
                        id,
                        LIMIT.toDays()));
        receivers.refresh();
    }

    private boolean isFailing(long id) {
        Receiver receiver = receivers.find(id);
        return receiver != null && receiver.failingSince() != null;
    }

    private boolean isOver(long id, Instant now) {
        Receiver receiver = receivers.find(id);
        return receiver != null
                && receiver.active()
                && receiver.failingSince() != null
                && receiver.failingSince().plus(LIMIT).isBefore(now);
    }

    private boolean isRested(long id, Instant now) {
        Instant last = noted.get(id);
        return last != null && last.plus(REST).isAfter(now);
    }
}
