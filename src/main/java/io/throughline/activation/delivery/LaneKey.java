package io.throughline.activation.delivery;

import java.util.Comparator;

/** One destination's queue about one profile. The order is the order in which lanes are locked. */
record LaneKey(int workspace, long profile, long destination) implements Comparable<LaneKey> {
    private static final Comparator<LaneKey> ORDER =
            Comparator.comparingInt(LaneKey::workspace)
                    .thenComparingLong(LaneKey::profile)
                    .thenComparingLong(LaneKey::destination);

    static LaneKey of(ProfileKey profile, long destination) {
        return new LaneKey(profile.workspace(), profile.profile(), destination);
    }

    LaneKey withProfile(long otherProfile) {
        return new LaneKey(workspace, otherProfile, destination);
    }

    @Override
    public int compareTo(LaneKey other) {
        return ORDER.compare(this, other);
    }
}
