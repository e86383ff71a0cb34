package io.throughline.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.commerce.CommerceFacets;
import io.throughline.enrichment.Enricher;
import io.throughline.enrichment.Enrichers;
import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterSweep;
import io.throughline.identity.GraphInvariants;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.identity.IdentityConfigurations;
import io.throughline.identity.IdentityConfigurations.Changed;
import io.throughline.identity.IdentityErasure;
import io.throughline.identity.IdentityGraph;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.Invariant;
import io.throughline.identity.LinkDecisions;
import io.throughline.identity.LinkDecisions.Pair;
import io.throughline.identity.TombstoneRows;
import io.throughline.platform.crypto.MasterKey;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.jdbc.EventTransactions.Work;
import io.throughline.privacy.consent.ConsentFacets;
import io.throughline.profile.ProfileErasure.Begun;
import io.throughline.profile.ProfileErasure.Purged;
import io.throughline.testing.PlainOracle.Expected;
import io.throughline.testing.Step;
import io.throughline.testing.Step.Arrives;
import io.throughline.testing.Step.Configures;
import io.throughline.testing.Step.Erases;
import io.throughline.testing.Step.Relinks;
import io.throughline.testing.Step.Unlinks;
import io.throughline.testing.TestEngines;
import io.throughline.testing.TestEngines.Database;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The resolve transaction on a real database of its own, without Kafka and without Spring. */
final class ResolveHarness implements AutoCloseable {
    private static final MasterKey MASTER_KEY = MasterKey.parse("A".repeat(43) + "=", "the test");

    final TombstoneRows tombstones = new TombstoneRows(MASTER_KEY);
    final HikariDataSource dataSource = new HikariDataSource();
    final EventTransactions transactions;
    final Facets facets = facets();
    final ResolveTransaction resolve;
    private final ProfileChanges profileChanges;
    private final IdentityConfigurations configurations;
    private final ClusterSweep sweep;
    private final LinkDecisions decisions;
    private final ProfileErasure erasure;
    final List<Invariant> invariants = new ArrayList<>();
    private final Enricher enricher = Enrichers.standard();
    final ProfileDocuments documents;

    ResolveHarness() {
        Database database = TestEngines.newDatabase();
        dataSource.setJdbcUrl(database.url());
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        dataSource.setMaximumPoolSize(8);
        Flyway.configure().dataSource(dataSource).load().migrate();
        transactions = new EventTransactions(dataSource);
        configurations = new IdentityConfigurations(transactions);
        sweep = new ClusterSweep(configurations);
        decisions = new LinkDecisions(configurations);
        profileChanges = new ProfileChanges(facets, new Announcements(facets));
        resolve =
                new ResolveTransaction(
                        transactions,
                        new IdentityGraph(configurations, MASTER_KEY),
                        profileChanges,
                        new ResolveMetrics(new SimpleMeterRegistry()),
                        Clock.systemUTC());
        IdentityErasure identityErasure = new IdentityErasure(configurations, MASTER_KEY);
        erasure = new ProfileErasure(identityErasure, profileChanges, List.of());
        invariants.addAll(new GraphInvariants(configurations).all());
        invariants.addAll(new ProfileInvariants(facets, identityErasure).all());
        documents = new ProfileDocuments(transactions, facets);
    }

    /** Every facet the server registers. */
    static Facets facets() {
        List<KeyedFacet<?>> keyed = new ArrayList<>(CommerceFacets.all());
        keyed.addAll(List.of(new EventNamesFacet(), new TraitsFacet(), new SessionsFacet()));
        List<Facet<?>> registers = new ArrayList<>(ConsentFacets.all());
        registers.addAll(List.of(new ActivityFacet(), new AcquisitionFacet(), new BotsFacet()));
        return new Facets(registers, keyed);
    }

    ResolveTransaction.Outcome resolve(List<TrackingEvent> batch) {
        return resolve.resolve(
                batch.stream()
                        .map(event ->
                                Incoming.parse(
                                        EventCodec.encode(event), enricher::of, configurations::of))
                        .toList());
    }

    /** What an operator does; nothing for an event. */
    void decides(WorkspaceId workspace, Step step) {
        switch (step) {
            case Arrives _ -> {}
            case Configures(int version, IdentityShape shape) -> {
                configure(workspace, version, shape);
                sweep();
            }
            case Unlinks(Identifier a, Identifier b) ->
                    decide(connection ->
                            decisions.unlink(
                                    connection,
                                    new Pair(workspace, a, b),
                                    "the test",
                                    Instant.ofEpochMilli(1)));
            case Relinks(Identifier a, Identifier b) ->
                    decide(connection -> decisions.relink(connection, new Pair(workspace, a, b)));
            case Erases(Identifier identifier, long at, boolean suppress) ->
                    purge(
                            workspace,
                            transactions.run(connection ->
                                    erasure.erase(
                                            connection,
                                            workspace,
                                            identifier,
                                            Instant.ofEpochMilli(at),
                                            suppress,
                                            Instant.now())));
        }
    }

    /** As {@link IdentitySettings} does, which needs Spring for its audit log. */
    void configure(WorkspaceId workspace, int version, IdentityShape shape) {
        transactions.run(connection -> {
            IdentityConfigurations.change(
                    connection,
                    workspace,
                    IdentityConfiguration.of(version, shape),
                    new Changed("the test", Instant.ofEpochMilli(1)));
            return version;
        });
    }

    /** Carries changes of the configuration through, as far as that is possible now. */
    void sweep() {
        boolean more;
        do {
            more = sweepPart();
        } while (more);
    }

    boolean sweepPart() {
        return transactions.run(connection -> {
            Optional<IdentityChanges> changes = sweep.part(connection, Instant.now());
            if (changes.isPresent()) {
                profileChanges.apply(connection, List.of(), changes.get(), Instant.now());
            }
            return changes.isPresent();
        });
    }

    private void purge(WorkspaceId workspace, Begun begun) {
        Purged purged;
        do {
            purged =
                    transactions.run(connection ->
                            erasure.purge(
                                    connection, workspace, begun.nodes(), begun.profiles(), 3));
        } while (!purged.nothing());
    }

    /** As if it had been idle ever since. */
    boolean letGo(WorkspaceId workspace, Identifier identifier) {
        return letGo(workspace, identifier, Instant.now().plusSeconds(60));
    }

    boolean letGo(WorkspaceId workspace, Identifier identifier, Instant idleSince) {
        Optional<Begun> begun =
                transactions.run(connection ->
                        erasure.letGo(connection, workspace, identifier, idleSince, Instant.now()));
        begun.ifPresent(gone -> purge(workspace, gone));
        return begun.isPresent();
    }

    /** As {@link ProfileDecisions} does, which needs Spring for its audit log. */
    private void decide(Work<Optional<IdentityChanges>> decision) {
        transactions.run(connection -> {
            Optional<IdentityChanges> changes = decision.in(connection);
            if (changes.isPresent()) {
                profileChanges.apply(connection, List.of(), changes.get(), Instant.now());
            }
            return changes;
        });
    }

    /** As if it had been erased. */
    void erase(WorkspaceId workspace, Identifier identifier, long erasedAt, boolean suppress) {
        transactions.run(connection -> {
            tombstones.lay(connection, workspace, identifier, erasedAt, suppress);
            return identifier;
        });
    }

    /** Forgets everything. */
    void clear() {
        execute(
                "truncate identity_node, identity_cluster, identity_link, identity_ledger,"
                        + " identity_cannot_link, identity_tombstone, identity_configuration, identity_sweep, profile, profile_node_state, profile_message,"
                        + " profile_event, profile_outbox");
    }

    /** The profiles of a workspace in the oracle's terms, read through the profile document. */
    List<Expected> profiles(WorkspaceId workspace) {
        List<Expected> profiles = new ArrayList<>();
        List<Long> ids =
                longs(
                        "select id from profile where not retired and workspace_id = "
                                + workspace.value());
        documents
                .current(workspace, ids)
                .values()
                .forEach(document -> profiles.add(read(document)));
        assertThat(profiles).hasSameSizeAs(ids);
        profiles.sort(Comparator.comparing(profile -> profile.ids().getFirst()));
        return profiles;
    }

    private static Expected read(ObjectNode document) {
        List<String> ids = new ArrayList<>();
        document.required("identifiers")
                .forEach(id ->
                        ids.add(
                                id.required("type").stringValue()
                                        + ":"
                                        + id.required("value").stringValue()));
        ids.sort(null);
        Map<String, Long> counts = new TreeMap<>();
        JsonNode events = document.required("events");
        events.required("byType")
                .properties()
                .forEach(entry -> {
                    if (!entry.getKey().equals("track")) {
                        counts.put(entry.getKey(), entry.getValue().longValue());
                    }
                });
        events.required("byName")
                .properties()
                .forEach(entry ->
                        counts.put("track:" + entry.getKey(), entry.getValue().longValue()));
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(events.required("total").longValue());
        Map<String, String> traits = new TreeMap<>();
        document.required("traits")
                .properties()
                .forEach(entry -> traits.put(entry.getKey(), entry.getValue().toString()));
        JsonNode commerce = document.required("commerce");
        Map<String, String> revenue = new TreeMap<>();
        commerce.required("revenue")
                .properties()
                .forEach(entry -> {
                    BigDecimal sum = new BigDecimal(entry.getValue().stringValue());
                    revenue.put(
                            entry.getKey(),
                            sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString());
                });
        Map<String, String> consent = new TreeMap<>();
        document.required("consent")
                .properties()
                .forEach(entry ->
                        consent.put(
                                entry.getKey(),
                                entry.getValue().required("status").stringValue()
                                        + " "
                                        + entry.getValue().required("at").stringValue()
                                        + " "
                                        + entry.getValue().required("source").stringValue()));
        return new Expected(
                ids,
                counts,
                traits,
                document.required("sessions").required("count").longValue(),
                commerce.required("orders").longValue(),
                revenue,
                consent);
    }

    List<Long> longs(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Long> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getLong(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
