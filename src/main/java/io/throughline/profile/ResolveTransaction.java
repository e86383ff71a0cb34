package io.throughline.profile;

import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.IdentityChanges.Place;
import io.throughline.identity.IdentityGraph;
import io.throughline.identity.Neighbourhood;
import io.throughline.identity.NodeKey;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.EventStore.Attributed;
import io.throughline.profile.Incoming.MessageKey;
import io.throughline.profile.ResolveMetrics.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Turns a batch of events into profiles: nodes, links, merges, history, facets, versions and the
 * outbox, all or nothing, in one READ COMMITTED transaction with a fixed number of statements.
 *
 * <p>Lock order: node keys sorted, cluster ids ascending, message keys sorted, link pairs sorted.
 * Applying the same batch again changes nothing.
 */
@Component
class ResolveTransaction {
    private final EventTransactions transactions;
    private final IdentityGraph graph;
    private final ProfileChanges profileChanges;
    private final ResolveMetrics metrics;
    private final Clock clock;

    ResolveTransaction(
            EventTransactions transactions,
            IdentityGraph graph,
            ProfileChanges profileChanges,
            ResolveMetrics metrics,
            Clock clock) {
        this.transactions = transactions;
        this.graph = graph;
        this.profileChanges = profileChanges;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * What became of a batch.
     *
     * @param stored events that are in the history now and were not before
     * @param erased events that an erasure forbids: nothing of them is stored
     * @param unattributed those of the stored that carry no usable identifier
     * @param merged profiles that went into another
     * @param shared identifiers that became nobody's
     * @param appended groups of clusters in which links were decided alone
     * @param solved groups of clusters that were read and decided anew as a whole
     */
    record Outcome(
            int stored,
            int duplicates,
            int erased,
            int unattributed,
            int merged,
            int shared,
            int appended,
            int solved) {}

    /**
     * @throws org.springframework.dao.DataAccessException when the database refused or is away;
     *     nothing is changed then
     */
    Outcome resolve(List<Incoming> batch) {
        Outcome outcome = transactions.run(connection -> resolve(connection, batch));
        metrics.resolved(outcome);
        return outcome;
    }

    private Outcome resolve(Connection connection, List<Incoming> batch) throws SQLException {
        Phase phase = metrics.start("lock");
        Instant now = clock.instant();
        Neighbourhood neighbourhood =
                graph.lock(connection, attributed(batch).map(Incoming::evidence).toList());
        List<Incoming> permitted = permitted(batch, neighbourhood);
        phase = phase.next("messages");
        List<Incoming> fresh = EventStore.claim(connection, distinct(permitted), now);
        phase = phase.next("identity");
        IdentityChanges changes =
                graph.apply(
                        connection,
                        neighbourhood,
                        attributed(fresh).map(Incoming::evidence).toList());
        phase = phase.next("history");
        List<Attributed> events = placed(fresh, changes);
        if (!events.isEmpty()) {
            EventStore.insert(connection, events);
        }
        phase = phase.next("facets");
        profileChanges.apply(connection, events, changes, now);
        phase.end();
        int unattributed = (int) fresh.stream().filter(one -> !one.isAttributed()).count();
        return new Outcome(
                fresh.size(),
                permitted.size() - fresh.size(),
                batch.size() - permitted.size(),
                unattributed,
                changes.merges().size(),
                changes.newlyShared(),
                changes.appended(),
                changes.solved());
    }

    private static java.util.stream.Stream<Incoming> attributed(Collection<Incoming> events) {
        return events.stream().filter(Incoming::isAttributed);
    }

    /**
     * The batch without the events that an erasure forbids. They do not take their messageId with
     * them: it is the tombstone that drops them again when they are read again.
     */
    private static List<Incoming> permitted(List<Incoming> batch, Neighbourhood neighbourhood) {
        List<Incoming> permitted = new ArrayList<>(batch.size());
        for (Incoming incoming : batch) {
            neighbourhood
                    .permitted(incoming.evidence())
                    .ifPresent(evidence ->
                            permitted.add(incoming.identifiedBy(evidence.identifiers())));
        }
        return permitted;
    }

    /** The first event of each messageId: the one that would be stored first. */
    private static Collection<Incoming> distinct(List<Incoming> batch) {
        Map<MessageKey, Incoming> first = new LinkedHashMap<>();
        batch.forEach(incoming -> first.putIfAbsent(incoming.messageKey(), incoming));
        return first.values();
    }

    private static List<Attributed> placed(List<Incoming> fresh, IdentityChanges changes) {
        Map<NodeKey, Place> places = changes.places();
        List<Attributed> events = new ArrayList<>(fresh.size());
        Map<NodeKey, Long> nodes = new HashMap<>();
        places.forEach((key, place) -> nodes.put(key, place.node()));
        for (Incoming incoming : fresh) {
            EventIdentifiers identifiers = incoming.identifiers();
            long node =
                    identifiers.anchor() == null
                            ? 0
                            : nodes.getOrDefault(
                                    new NodeKey(incoming.workspace(), identifiers.anchor()), 0L);
            events.add(new Attributed(incoming, node));
        }
        return events;
    }
}
