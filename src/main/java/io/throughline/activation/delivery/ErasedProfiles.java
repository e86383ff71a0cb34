package io.throughline.activation.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileEraser;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is owed about a profile that was erased is owed no more, and what was sent leaves the log.
 * Only the message that tells of the erasure, of a version above the profile's last, goes on.
 */
public final class ErasedProfiles implements ProfileEraser {
    private final Counter cancelled;
    private final Clock clock;

    public ErasedProfiles(MeterRegistry registry, Clock clock) {
        this.cancelled = DeliveryMetrics.cancelled(registry);
        this.clock = clock;
    }

    /** From the commit on, whatever of these profiles is still on its way here is dropped. */
    @Override
    public Set<Long> end(Connection connection, WorkspaceId workspace, Map<Long, Long> versions)
            throws SQLException {
        Map<ProfileKey, Long> ends = new HashMap<>();
        versions.forEach((profile, version) ->
                ends.put(new ProfileKey(workspace.value(), profile), version));
        RetiredProfiles.erase(connection, ends);
        return ErasedStore.destinations(connection, workspace.value(), versions.keySet());
    }

    @Override
    public int purge(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles, int limit)
            throws SQLException {
        int lanes = purgeLanes(connection, workspace.value(), profiles);
        ErasedStore.Erased rows = ErasedStore.erase(connection, workspace.value(), profiles, limit);
        Attempts.delete(connection, workspace.value(), rows.ids());
        WithheldStore.erase(connection, workspace.value(), profiles);
        ErasedStore.forgetTold(connection, workspace.value(), profiles);
        cancelled.increment(rows.live());
        return lanes + rows.ids().size();
    }

    /** Before the rows: what has no lane is never sent. */
    private int purgeLanes(Connection connection, int workspace, Collection<Long> profiles)
            throws SQLException {
        Instant now = clock.instant();
        Set<LaneKey> keys = LaneStore.of(connection, workspace, profiles);
        Map<LaneKey, Lane> lanes = LaneStore.lock(connection, keys);
        Set<ProfileKey> owners = new HashSet<>();
        keys.forEach(key -> owners.add(ProfileKey.of(key)));
        Map<ProfileKey, Survivors.Retirement> ends = RetiredProfiles.find(connection, owners);
        Map<LaneKey, Long> later = ErasedStore.firstAfterErasure(connection, keys);
        List<Lane> changed = new ArrayList<>();
        List<LaneKey> gone = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            Survivors.Retirement end = ends.get(ProfileKey.of(lane.key()));
            if (end == null || end.into() != Survivors.NOBODY) {
                continue;
            }
            Lane left = lane.erased(end.version(), later.get(lane.key()), now);
            if (left.state() == null && lane.owesUntried(end.version())) {
                cancelled.increment();
            }
            if (left.isEmpty(now) && !later.containsKey(lane.key())) {
                gone.add(lane.key());
            } else if (!left.equals(lane)) {
                changed.add(left);
            }
        }
        LaneStore.save(connection, changed);
        LaneStore.delete(connection, gone);
        return changed.size() + gone.size();
    }
}
