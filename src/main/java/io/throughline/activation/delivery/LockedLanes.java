package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lanes a transaction holds, and what it makes of them. */
final class LockedLanes {
    private final Map<LaneKey, Lane> before = new HashMap<>();
    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private final Set<LaneKey> ended = new HashSet<>();

    /** Locked just now. */
    void add(Map<LaneKey, Lane> locked) {
        before.putAll(locked);
        lanes.putAll(locked);
    }

    @Nullable Lane find(LaneKey key) {
        return lanes.get(key);
    }

    Lane get(LaneKey key) {
        return Objects.requireNonNull(lanes.get(key), key::toString);
    }

    void put(Lane lane) {
        lanes.put(lane.key(), lane);
        ended.remove(lane.key());
    }

    /** The lane is dropped, unless something is put into it later. */
    void end(LaneKey key) {
        lanes.put(key, Lane.empty(key));
        ended.add(key);
    }

    /** Those that go on. */
    List<Lane> remaining() {
        return lanes.values().stream().filter(lane -> !ended.contains(lane.key())).toList();
    }

    boolean holds(Collection<LaneKey> keys) {
        return lanes.keySet().containsAll(keys);
    }

    void save(Connection connection) throws SQLException {
        LaneStore.save(
                connection,
                remaining().stream().filter(lane -> !lane.equals(before.get(lane.key()))).toList());
        LaneStore.delete(connection, ended);
    }
}
