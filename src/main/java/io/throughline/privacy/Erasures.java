package io.throughline.privacy;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import io.throughline.privacy.ErasureStore.Person;
import io.throughline.privacy.ErasureStore.PersonKey;
import io.throughline.profile.ParkedErasure;
import io.throughline.profile.ProfileErasure;
import io.throughline.profile.ProfileErasure.Begun;
import io.throughline.profile.ProfileErasure.Purged;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Callers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Forgets people. A request is stored first and then carried out step by step, each step a
 * transaction that finds what is left to do: a crash between two of them loses nothing, and any
 * instance goes on.
 */
@Component
class Erasures {
    /** Rows that one transaction removes, so that nobody waits for it for long. */
    private static final int PART = 2_000;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** When a step that failed is tried again. */
    private static final Duration LATER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);

    private final DecisionTransactions transactions;
    private final ProfileErasure profiles;
    private final RandomText random;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    Erasures(
            DecisionTransactions transactions,
            ProfileErasure profiles,
            RandomText random,
            Callers callers,
            AuditLog audit,
            Clock clock) {
        this.transactions = transactions;
        this.profiles = profiles;
        this.random = random;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Stores the request; returns its public id. Who is named twice is erased once: what comes
     * after the first time is new.
     */
    String request(WorkspaceId workspace, Collection<Identifier> identifiers, boolean suppress) {
        return transactions.run(connection -> {
            List<Identifier> people = Identities.oneOfEach(connection, workspace, identifiers);
            return request(connection, workspace, people, suppress).publicId();
        });
    }

    private record Requested(long id, String publicId) {}

    private Requested request(
            Connection connection,
            WorkspaceId workspace,
            Collection<Identifier> identifiers,
            boolean suppress)
            throws SQLException {
        String publicId = "ers_" + random.of(20);
        long id =
                ErasureStore.create(
                        connection,
                        workspace,
                        publicId,
                        suppress,
                        callers.current(),
                        clock.instant(),
                        identifiers);
        audit.record(
                workspace,
                "erasure.requested",
                publicId,
                Map.of("persons", identifiers.size(), "suppress", suppress));
        return new Requested(id, publicId);
    }

    /**
     * Erases a profile, or the one that its retired id leads to. When this returns, nobody finds it
     * and nothing of it comes back; what is left of it to remove is removed too, unless that takes
     * longer than {@code patience}: then it goes on in the background.
     *
     * @return false when there is no such profile, and never was
     * @throws ProblemException it is gone already, and was not suppressed then
     */
    boolean erase(WorkspaceId workspace, long profile, boolean suppress, Duration patience) {
        Begin begin = null;
        while (begin == null) {
            try {
                begin =
                        transactions.run(
                                connection -> begin(connection, workspace, profile, suppress));
            } catch (LedElsewhereException e) {
                // the id is looked up again
            }
        }
        if (begin.erasure() != null) {
            carryOut(begin.erasure(), patience);
        }
        return begin.known();
    }

    /**
     * @param erasure null when there was nobody to erase
     */
    private record Begin(boolean known, @Nullable Long erasure) {}

    private Begin begin(
            Connection connection, WorkspaceId workspace, long profile, boolean suppress)
            throws SQLException {
        Optional<Identifier> holder = profiles.holder(connection, workspace, profile);
        if (holder.isEmpty()) {
            boolean known = profiles.wasKnown(connection, workspace, profile);
            if (known && suppress && !ErasureReads.isSuppressed(connection, workspace, profile)) {
                throw new ProblemException(
                        WebProblems.CONFLICT,
                        "The profile is gone, and who it was is not known any more. To forbid what"
                                + " comes later, name the identifiers: POST /api/v1/erasures.");
            }
            return new Begin(known, null);
        }
        long erasure = request(connection, workspace, List.of(holder.get()), suppress).id();
        step(connection, erasure);
        if (profiles.holder(connection, workspace, profile).isPresent()) {
            throw new LedElsewhereException();
        }
        return new Begin(true, erasure);
    }

    /** The id leads to another profile than before the locks: what was done is rolled back. */
    private static final class LedElsewhereException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Carries out what is left of one erasure. */
    private void carryOut(long erasure, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Progress progress = Progress.MADE;
        while (progress != Progress.NOTHING_TO_DO && System.nanoTime() < deadline) {
            if (progress == Progress.OTHERS_ARE_BUSY && !pause()) {
                return;
            }
            progress = transactions.run(connection -> step(connection, erasure));
        }
    }

    /**
     * Carries out a step of what is left of any of them, whoever asked. A person whose step fails
     * is left for a while, so that nobody has to wait for them.
     *
     * @return false when there is nothing to do for now
     */
    boolean carryOutNext() {
        AtomicReference<@Nullable PersonKey> at = new AtomicReference<>();
        try {
            Progress progress =
                    transactions.run(connection -> {
                        Optional<Person> next = ErasureStore.next(connection, null);
                        at.set(next.map(Person::key).orElse(null));
                        return step(connection, next);
                    });
            return progress == Progress.MADE;
        } catch (RuntimeException e) {
            PersonKey failed = at.get();
            if (failed == null) {
                throw e;
            }
            LOG.warn("Erasure {} is tried again in {}", failed.erasure(), LATER, e);
            Instant then = clock.instant().plus(LATER);
            transactions.run(connection -> ErasureSteps.postpone(connection, failed, then));
            return true;
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private enum Progress {
        MADE,
        /** Transactions that began before the erasure are not over yet. */
        OTHERS_ARE_BUSY,
        NOTHING_TO_DO
    }

    private Progress step(Connection connection, long erasure) throws SQLException {
        return step(connection, ErasureStore.next(connection, erasure));
    }

    private Progress step(Connection connection, Optional<Person> next) throws SQLException {
        if (next.isEmpty()) {
            return Progress.NOTHING_TO_DO;
        }
        return switch (next.get()) {
            case Person.Waiting waiting -> end(connection, waiting);
            case Person.Ended ended -> purge(connection, ended);
        };
    }

    private Progress end(Connection connection, Person.Waiting person) throws SQLException {
        Instant now = clock.instant();
        Begun begun =
                profiles.erase(
                        connection,
                        person.key().workspace(),
                        person.identifier(),
                        person.requestedAt(),
                        person.suppress(),
                        now);
        ErasureSteps.ended(connection, person.key(), begun);
        return Progress.MADE;
    }

    private Progress purge(Connection connection, Person.Ended person) throws SQLException {
        WorkspaceId workspace = person.key().workspace();
        Purged purged =
                profiles.purge(connection, workspace, person.nodes(), person.profiles(), PART);
        if (!purged.nothing()) {
            ErasureSteps.purged(connection, person.key(), purged);
            return Progress.MADE;
        }
        if (!ErasureSteps.isSettled(connection, person.key())) {
            boolean first = ErasureSteps.emptied(connection, person.key());
            return first ? Progress.MADE : Progress.OTHERS_ARE_BUSY;
        }
        // The tombstones tell whose parked records are: one look for all people of the erasure.
        if (!person.retention() && ErasureSteps.isLast(connection, person.key())) {
            ParkedErasure.Part part =
                    profiles.purgeParked(connection, workspace, person.parkedAfter());
            if (part.last() != null) {
                ErasureSteps.lookedAtParked(connection, person.key(), part.last(), part.deleted());
                return Progress.MADE;
            }
        }
        ErasureSteps.done(connection, person.key(), clock.instant());
        return Progress.MADE;
    }

    List<Erasure> before(WorkspaceId workspace, long before, int limit) {
        return transactions.run(
                connection -> ErasureReads.before(connection, workspace, before, limit));
    }

    Optional<Erasure> find(WorkspaceId workspace, String publicId) {
        return transactions.run(connection -> ErasureReads.find(connection, workspace, publicId));
    }
}
