package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterSweep;
import io.throughline.identity.ClusterSweep.Progress;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The identity configuration of a workspace; what a change means for profiles follows in {@link
 * IdentitySweeps}.
 */
@Component
class IdentitySettings {
    private final DecisionTransactions transactions;
    private final IdentityConfigurations configurations;
    private final IdentityVersions versions;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    IdentitySettings(
            DecisionTransactions transactions,
            IdentityConfigurations configurations,
            IdentityVersions versions,
            Callers callers,
            AuditLog audit,
            Clock clock) {
        this.transactions = transactions;
        this.configurations = configurations;
        this.versions = versions;
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
            IdentityConfiguration next = IdentityConfiguration.of(next(version, now), shape);
            if (next.shape().equals(configurations.newest(connection, workspace).shape())) {
                return version;
            }
            IdentityConfigurations.change(
                    connection, workspace, next, new Changed(callers.current(), now));
            versions.set(connection, workspace, next.version());
            audit.record(
                    workspace,
                    "identity.configured",
                    "version " + next.version(),
                    details(next.shape()));
            return next.version();
        });
        versions.committed();
    }

    /** Blocked values name people, who may be erased: only how many there are is told. */
    private static Map<String, Object> details(IdentityShape shape) {
        return Map.of(
                "types",
                Objects.requireNonNullElse(shape.types(), List.of()),
                "unlistedTypes",
                String.valueOf(shape.unlistedTypes()),
                "blocked",
                Objects.requireNonNullElse(shape.blocked(), List.of()).size());
    }

    /**
     * Minutes since 1970, or more: a database that is restored from an older state does not give a
     * number again that events in the log may have.
     */
    private static int next(int version, Instant now) {
        return Math.max(version + 1, Math.toIntExact(now.getEpochSecond() / 60));
    }
}
