package io.throughline.activation.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which profile goes on with a message: its own, or after a merge the one that survived. Pure.
 *
 * <p>Updates of different profiles come in any order, so a merge may be heard of before the last
 * versions of the profile it retired, or after the first versions of a profile that was split off
 * again. Versions decide: a retired profile's counter goes on when it lives again, so what it did
 * before has a version up to that of its retirement, and what it does after has a higher one.
 */
final class Survivors {
    /** Goes on with what an erased profile owed. */
    static final long NOBODY = 0;

    /** Of nobody who ended. */
    static final Survivors NONE = new Survivors(Map.of());

    private final Map<ProfileKey, Retirement> retired;

    private Survivors(Map<ProfileKey, Retirement> retired) {
        this.retired = retired;
    }

    /**
     * The end of a profile, the newest where it ended more than once.
     *
     * @param version its last
     * @param into the profile that went on, {@link #NOBODY} when it was erased
     * @param intoVersion the version of that one that came of the merge
     */
    record Retirement(long version, long into, long intoVersion) {
        Retirement newer(Retirement other) {
            return version >= other.version ? this : other;
        }
    }

    /** One merge, as the survivor's update tells it. */
    record Merge(ProfileKey profile, Retirement end) {
        Merge newer(Merge other) {
            return end.version() >= other.end.version() ? this : other;
        }

        ProfileKey into() {
            return new ProfileKey(profile.workspace(), end.into());
        }
    }

    static Survivors of(Map<ProfileKey, Retirement> stored, List<Merge> merges) {
        Map<ProfileKey, Retirement> all = new HashMap<>(stored);
        merges.forEach(merge -> all.merge(merge.profile(), merge.end(), Retirement::newer));
        return new Survivors(all);
    }

    /**
     * Who goes on with what the profile owes for this version, {@link #NOBODY} when it was erased;
     * chains of merges are followed.
     */
    long survivorOf(ProfileKey profile, long version) {
        ProfileKey at = profile;
        long reached = version;
        Retirement end = retired.get(at);
        while (end != null && reached <= end.version()) {
            at = new ProfileKey(at.workspace(), end.into());
            reached = end.intoVersion();
            end = retired.get(at);
        }
        return at.profile();
    }

    /** Who went on when the profile last ended; itself where it never did. */
    long lastSurvivorOf(ProfileKey profile) {
        Retirement end = retired.get(profile);
        return end == null ? profile.profile() : survivorOf(profile, end.version());
    }
}
