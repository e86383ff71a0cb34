package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterSweep;
import io.throughline.identity.ClusterSweep.Progress;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.identity.IdentityConfigurations;
import io.throughline.identity.IdentityConfigurations.Changed;
import io.throughline.identity.IdentityShape;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Callers;
import io.throughline.workspace.IdentityVersions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Changes the identity configuration of a workspace, and carries the change through all profiles:
 * the parts of its {@link ClusterSweep}, with what they change of profiles and owe to destinations.
 */
@Component
class IdentitySettings {
    private static final Logger LOG = LoggerFactory.getLogger(IdentitySettings.class);

    /** Then the scheduler's thread is somebody else's for a while. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final DecisionTransactions transactions;
    private final IdentityConfigurations configurations;
    private final IdentityVersions versions;
    private final ClusterSweep sweep;
    private final ProfileChanges profileChanges;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    IdentitySettings(
            DecisionTransactions transactions,
            IdentityConfigurations configurations,
            IdentityVersions versions,
            ClusterSweep sweep,
            ProfileChanges profileChanges,
            Callers callers,
            AuditLog audit,
            Clock clock) {
        this.transactions = transactions;
        this.configurations = configurations;
        this.versions = versions;
        this.sweep = sweep;
        this.profileChanges = profileChanges;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What holds.
     *
     * @param changed null while nobody has changed anything
     * @param progress of carrying the newest change through; null where there was none
     */
    record Current(
            IdentityConfiguration configuration,
            @Nullable Changed changed,
            @Nullable Progress progress) {}

    Current current(WorkspaceId workspace) {
        return transactions.run(connection ->
                new Current(
                        configurations.newest(connection, workspace),
                        IdentityConfigurations.changed(connection, workspace).orElse(null),
                        ClusterSweep.progress(connection, workspace).orElse(null)));
    }

    /**
     * Replaces all of it; what says the same changes nothing.
     *
     * @param expected the version that this one was made from; null for whatever there is
     * @throws ProblemException when it cannot be, or was changed meanwhile
     */
    void put(WorkspaceId workspace, IdentityShape shape, @Nullable Integer expected) {
        Instant now = clock.instant();
        transactions.run(connection -> {
            int version = versions.lock(connection, workspace);
            if (expected != null && expected != version) {
                throw new ProblemException(
                        WebProblems.CONFLICT,
                        "The configuration was changed meanwhile: it has version " + version + ".");
            }
            IdentityConfiguration next = IdentityConfiguration.of(version + 1, shape);
            if (next.shape().equals(configurations.newest(connection, workspace).shape())) {
                return version;
            }
            IdentityConfigurations.put(
                    connection, workspace, next, new Changed(callers.current(), now));
            versions.set(connection, workspace, next.version());
            ClusterSweep.begin(connection, workspace, now);
            audit.record(
                    workspace,
                    "identity.configured",
                    "version " + next.version(),
                    Map.of("unlistedTypes", String.valueOf(next.shape().unlistedTypes())));
            return next.version();
        });
        versions.committed();
    }

    @Scheduled(fixedDelay = 1_000)
    void sweep() {
        Instant end = clock.instant().plus(TURN);
        try {
            while (clock.instant().isBefore(end) && part()) {}
        } catch (DataAccessException | TransactionException e) {
            LOG.warn(
                    "A change of what identifies visitors waits; it goes on later: {}",
                    e.toString());
        }
    }

    /** False when there is nothing to do. */
    private boolean part() {
        Instant now = clock.instant();
        return transactions.run(connection -> {
            Optional<IdentityChanges> changes = sweep.part(connection, now);
            if (changes.isPresent()) {
                profileChanges.apply(connection, List.of(), changes.get(), now);
            }
            return changes.isPresent();
        });
    }
}
