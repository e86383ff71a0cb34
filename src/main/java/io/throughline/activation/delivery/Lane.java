package io.throughline.activation.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of one lane and its only transitions. Immutable.
 *
 * @param wanted newest version of the state that was asked for or rendered
 * @param sent newest version of the state that arrived
 * @param state the state that is owed, in flight or waiting; what waits is of version {@code
 *     wanted}
 * @param lease the row in flight
 * @param dueAt the next attempt, or the end of the lease; null while nothing is live
 * @param heldUntil while a lane merged into this one still has a row in flight
 * @param mergedInto set on such a lane: the profile its rows moved to
 */
record Lane(
        LaneKey key,
        long wanted,
        @Nullable Instant wantedAt,
        long sent,
        @Nullable State state,
        @Nullable Lease lease,
        @Nullable Instant dueAt,
        @Nullable Instant heldUntil,
        @Nullable Long mergedInto) {
    /** After a state was superseded on its way to a failing receiver: as if it had failed once. */
    static final Duration FRESH_STATE = Duration.ofSeconds(5);

    /** After a lease ended, until what was in flight is found: more than a look at the flights. */
    private static final Duration FOUND_WITHIN = DueLanes.SWEEP.plusSeconds(1);

    /** Whoever holds the token may complete the row, at least until the lane's {@code dueAt}. */
    record Lease(long deliveryId, UUID token) {}

    /**
     * A state that is owed.
     *
     * @param id of the delivery
     * @param position its place in the lane until its first attempt is decided; null from then on,
     *     when it is a row of {@code delivery}
     * @param since when it was accepted
     */
    record State(long id, @Nullable Long position, Instant since) {
        static State atTail(long id, Instant since) {
            return new State(id, id, since);
        }

        State movedTo(long tail) {
            return new State(id, tail, since);
        }

        State tried() {
            return new State(id, null, since);
        }
    }

    static Lane empty(LaneKey key) {
        return new Lane(key, 0, null, 0, null, null, null, null, null);
    }

    boolean idle() {
        return dueAt == null;
    }

    boolean heldBy(UUID token) {
        return lease != null && lease.token().equals(token);
    }

    /** Whether a state is owed that is not in flight. */
    boolean stateWaits() {
        return state != null && (lease == null || lease.deliveryId() != state.id());
    }

    /** The state in flight, where that is its first attempt. */
    @Nullable State untriedInFlight() {
        return state == null || state.position() == null || stateWaits() ? null : state;
    }

    /** The state that is owed where no row is: before its first attempt is decided. */
    @Nullable Row untriedState() {
        return state == null || state.position() == null
                ? null
                : Row.state(key, wanted, Objects.requireNonNull(wantedAt), state);
    }

    /** What a newer wanted state means for the rows of the lane. */
    enum StateChange {
        /** The lane knows this version or a newer one. */
        NONE,
        /** A state is owed from now on, at the tail. */
        INSERT,
        /** The state that waits takes the version and goes to the tail. */
        SUPERSEDE,
        /** The state is in flight; its completion follows up. */
        FOLLOW_UP
    }

    StateChange changeFor(long version) {
        if (version <= wanted) {
            return StateChange.NONE;
        }
        if (state == null) {
            return StateChange.INSERT;
        }
        return stateWaits() ? StateChange.SUPERSEDE : StateChange.FOLLOW_UP;
    }

    Lane wanting(long version, Instant at) {
        return version <= wanted
                ? this
                : new Lane(key, version, at, sent, state, lease, dueAt, heldUntil, mergedInto);
    }

    Lane withState(@Nullable State live) {
        return new Lane(key, wanted, wantedAt, sent, live, lease, dueAt, heldUntil, mergedInto);
    }

    Lane leased(Leased leased) {
        Row row = leased.row();
        Instant at = wantedAt == null ? row.causedAt() : wantedAt;
        Lane lane = row.isState() ? wanting(row.version(), at) : this;
        return new Lane(
                key,
                lane.wanted,
                lane.wantedAt,
                sent,
                state,
                new Lease(row.id(), leased.token()),
                leased.until(),
                null,
                mergedInto);
    }

    /** Something live waits: look at the lane at {@code at}, not before a hold ends. */
    Lane due(Instant at) {
        Instant due = heldUntil != null && heldUntil.isAfter(at) ? heldUntil : at;
        return new Lane(key, wanted, wantedAt, sent, state, lease, due, heldUntil, mergedInto);
    }

    /** Something live waits, and sooner than planned. A row in flight keeps its lease. */
    Lane dueBy(Instant at) {
        return lease == null && (dueAt == null || at.isBefore(dueAt)) ? due(at) : this;
    }

    /** How long a lane that this one was merged into waits at most for the row in flight. */
    Instant holdEnd() {
        return Objects.requireNonNull(dueAt).plus(FOUND_WITHIN);
    }

    boolean isHeld(Instant now) {
        return heldUntil != null && heldUntil.isAfter(now);
    }

    /** Nothing starts before {@code until}; of several holds the longest counts. */
    Lane held(Instant until) {
        Instant longest = heldUntil != null && heldUntil.isAfter(until) ? heldUntil : until;
        Lane held = new Lane(key, wanted, wantedAt, sent, state, lease, dueAt, longest, mergedInto);
        return lease == null && dueAt != null ? held.due(dueAt) : held;
    }

    /** The row of the merged lane that was waited for until {@code holdEnd} is decided. */
    Lane unheld(@Nullable Instant holdEnd, Instant now) {
        if (heldUntil == null || (holdEnd != null && holdEnd.isBefore(heldUntil))) {
            return this;
        }
        Lane free = new Lane(key, wanted, wantedAt, sent, state, lease, dueAt, null, mergedInto);
        return lease == null && dueAt != null ? free.due(now) : free;
    }

    Lane mergedInto(long profile) {
        return new Lane(key, wanted, wantedAt, sent, state, lease, dueAt, heldUntil, profile);
    }

    /** The profile lives again: what is in flight is its own once more. */
    Lane revived() {
        return new Lane(key, wanted, wantedAt, sent, state, lease, dueAt, heldUntil, null);
    }

    Lane arrived(long version) {
        return new Lane(
                key,
                Math.max(wanted, version),
                wantedAt,
                Math.max(sent, version),
                state,
                lease,
                dueAt,
                heldUntil,
                mergedInto);
    }

    /**
     * What is left when the profile was erased with this version. What is in flight may still
     * arrive: nothing else starts before that is over.
     *
     * @param later the row that tells of the erasure, when it waits or is in flight
     */
    Lane erased(long version, @Nullable Long later, Instant now) {
        if (lease != null && later != null && lease.deliveryId() == later) {
            return this;
        }
        State left = wanted <= version ? null : state;
        Instant hold = lease == null ? heldUntil : holdEnd();
        Lane lane =
                lease == null && left == state
                        ? this
                        : new Lane(key, wanted, wantedAt, sent, left, null, null, hold, null);
        boolean isPlanned = lane == this && dueAt != null;
        return isPlanned || (left == null && later == null) ? lane : lane.dueBy(now);
    }

    /** Whether nothing waits, is in flight or is waited for. */
    boolean isEmpty(Instant now) {
        return state == null && lease == null && !isHeld(now);
    }

    /** Whether a state up to this version is owed that is no row yet. */
    boolean owesUntried(long version) {
        return state != null && state.position() != null && wanted <= version;
    }

    /** The row in flight is decided; nothing is due yet. */
    Lane released() {
        return new Lane(key, wanted, wantedAt, sent, state, null, null, heldUntil, mergedInto);
    }
}
