package io.throughline.activation.delivery;

import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileUpdate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All destinations in memory. A change on this instance is seen at once, one on another instance
 * within {@link #STALE}. Thread-safe.
 */
public final class Receivers {
    static final Duration STALE = Duration.ofSeconds(1);

    private final Supplier<List<Receiver>> load;
    private final Clock clock;
    private final Map<Long, Instant> floors = new ConcurrentHashMap<>();
    private final Map<Long, Breaker> breakers = new ConcurrentHashMap<>();
    private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), Instant.EPOCH);

    private record Snapshot(
            Map<Long, Receiver> byId, Map<WorkspaceId, List<Receiver>> byWorkspace, Instant at) {}

    public Receivers(Supplier<List<Receiver>> load, Clock clock) {
        this.load = load;
        this.clock = clock;
    }

    /** Reads them again; whoever changed one calls this after the commit. */
    public synchronized void refresh() {
        Instant at = clock.instant();
        List<Receiver> receivers = load.get();
        snapshot =
                new Snapshot(
                        receivers.stream()
                                .collect(Collectors.toMap(Receiver::id, Function.identity())),
                        receivers.stream().collect(Collectors.groupingBy(Receiver::workspace)),
                        at);
        floors.keySet().retainAll(snapshot.byId().keySet());
        breakers.keySet().retainAll(snapshot.byId().keySet());
    }

    /** Reads them again where what is in memory is older than {@link #STALE}. */
    void refreshIfStale() {
        if (clock.instant().isAfter(snapshot.at().plus(STALE))) {
            refresh();
        }
    }

    Collection<Receiver> all() {
        return snapshot.byId().values();
    }

    public @Nullable Receiver find(long id) {
        return snapshot.byId().get(id);
    }

    List<Receiver> of(int workspace) {
        return snapshot.byWorkspace().getOrDefault(new WorkspaceId(workspace), List.of());
    }

    /**
     * Those that want the item's type, active or not; of the end of a profile also whoever may have
     * heard of the profile.
     */
    List<Receiver> hearing(WorkspaceId workspace, ProfileUpdate.Item item) {
        Set<Long> told = item.type().equals(ProfileUpdate.ERASED) ? told(item) : Set.of();
        return snapshot.byWorkspace().getOrDefault(workspace, List.of()).stream()
                .filter(receiver ->
                        receiver.types().contains(item.type()) || told.contains(receiver.id()))
                .toList();
    }

    private static Set<Long> told(ProfileUpdate.Item item) {
        Set<Long> told = new HashSet<>();
        item.data().path(ProfileUpdate.TOLD).forEach(id -> told.add(id.longValue()));
        return told;
    }

    /** Nothing starts to the receiver before {@code until}, known here before it is stored. */
    void floor(long id, Instant until) {
        floors.merge(id, until, (old, given) -> old.isAfter(given) ? old : given);
    }

    /** Resumed by hand: what the receiver asked for, and how it answered, no longer counts. */
    public void startAfresh(long id) {
        floors.remove(id);
        breakers.remove(id);
    }

    /**
     * How an attempt ended counts for how much the receiver is sent at a time.
     *
     * @return until when nothing starts, if this attempt was one failure too many
     */
    Optional<Instant> answered(Receiver receiver, boolean alive, Instant startedAt, Instant now) {
        if (alive && !breakers.containsKey(receiver.id())) {
            return Optional.empty();
        }
        AtomicReference<@Nullable Instant> opened = new AtomicReference<>();
        breakers.compute(
                receiver.id(),
                (_, known) -> {
                    Breaker before = known == null ? Breaker.NEW : known;
                    Breaker after =
                            alive
                                    ? before.succeeded(startedAt, now, receiver.maxConcurrency())
                                    : before.failed(startedAt, now);
                    opened.set(
                            Objects.equals(after.openUntil(), before.openUntil())
                                    ? null
                                    : after.openUntil());
                    return after;
                });
        return Optional.ofNullable(opened.get());
    }

    /**
     * How many attempts at a time the receiver may have now; {@link Breaker#CLOSED} where only its
     * setting counts.
     */
    int width(Receiver receiver) {
        return breakers.getOrDefault(receiver.id(), Breaker.NEW).width();
    }

    /** How many destinations get nothing or less than they are set to, because they failed. */
    long heldBack() {
        return breakers.values().stream()
                .filter(breaker -> breaker.width() != Breaker.CLOSED)
                .count();
    }

    boolean mayStart(Receiver receiver, Instant now) {
        Instant floor = floorOf(receiver);
        return receiver.active() && (floor == null || !now.isBefore(floor));
    }

    /** The moment the receiver may be sent to again, null for now. */
    public @Nullable Instant floorOf(Receiver receiver) {
        Breaker breaker = breakers.get(receiver.id());
        Instant rest = breaker == null ? null : breaker.openUntil();
        return later(later(floors.get(receiver.id()), receiver.notBefore()), rest);
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }
}
