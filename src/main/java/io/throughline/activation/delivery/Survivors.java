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
    private final Map<ProfileKey, Retired> retired;

    private Survivors(Map<ProfileKey, Retired> retired) {
        this.retired = retired;
    }

    /**
     * The end of a profile, the newest where it ended more than once.
     *
     * @param version its last
     * @param into the profile that went on
     * @param intoVersion the version of that one that came of the merge
     */
    record Retired(long version, long into, long intoVersion) {
        Retired newer(Retired other) {
            return version >= other.version ? this : other;
        }
    }

    /** One merge, as the survivor's update tells it. */
    record Merge(ProfileKey profile, Retired end) {
        ProfileKey into() {
            return new ProfileKey(profile.workspace(), end.into());
        }
    }

    static Survivors of(Map<ProfileKey, Retired> stored, List<Merge> merges) {
        Map<ProfileKey, Retired> all = new HashMap<>(stored);
        merges.forEach(merge -> all.merge(merge.profile(), merge.end(), Retired::newer));
        return new Survivors(all);
    }

    /** Who goes on with what the profile owes for this version; chains of merges are followed. */
    long of(ProfileKey profile, long version) {
        ProfileKey at = profile;
        long reached = version;
        Retired end = retired.get(at);
        while (end != null && reached <= end.version()) {
            at = new ProfileKey(at.workspace(), end.into());
            reached = end.intoVersion();
            end = retired.get(at);
        }
        return at.profile();
    }

    /** Who went on when the profile last ended; itself where it never did. */
    long after(ProfileKey profile) {
        Retired end = retired.get(profile);
        return end == null ? profile.profile() : of(profile, end.version());
    }
}
