package io.throughline.profile;

import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.IdentityChanges.Place;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.NodeKey;
import io.throughline.profile.EventStore.Attributed;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The profiles of a batch that only bots' events changed: they get a version, but tell nobody. One
 * that was solved anew is told, whoever was the cause, because others lost or gained by it.
 */
final class BotsAlone {
    private final Set<ProfileKey> profiles;

    private BotsAlone(Set<ProfileKey> profiles) {
        this.profiles = profiles;
    }

    /**
     * @param touched every profile the batch changed
     */
    static BotsAlone of(
            List<Attributed> events, IdentityChanges changes, Collection<ProfileKey> touched) {
        if (events.stream().noneMatch(event -> event.incoming().isBot())) {
            return new BotsAlone(Set.of());
        }
        Set<ProfileKey> profiles = new HashSet<>(touched);
        profiles.removeAll(changes.regrouped().keySet());
        for (Attributed event : events) {
            Incoming incoming = event.incoming();
            if (!incoming.isBot()) {
                for (Identifier named : incoming.identifiers().named()) {
                    Place place = changes.places().get(new NodeKey(incoming.workspace(), named));
                    if (place != null) {
                        profiles.remove(new ProfileKey(incoming.workspace(), place.profile()));
                    }
                }
            }
        }
        return new BotsAlone(profiles);
    }

    boolean changed(ProfileKey profile) {
        return profiles.contains(profile);
    }
}
