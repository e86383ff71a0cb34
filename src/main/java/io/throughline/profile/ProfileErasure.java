package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ErasureScope;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityErasure;
import io.throughline.identity.IdentityErasure.Erased;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ends profiles for ever. {@link #erase} is one short transaction, after which nobody finds the
 * profile and none of its events can come back; {@link #purge} then removes what is left of it, in
 * parts, here and in every module that has a {@link ProfileEraser}.
 */
@Component
public class ProfileErasure {
    private final IdentityErasure identity;
    private final ProfileChanges profileChanges;
    private final List<ProfileEraser> erasers;

    public ProfileErasure(
            IdentityErasure identity, ProfileChanges profileChanges, List<ProfileEraser> erasers) {
        this.identity = identity;
        this.profileChanges = profileChanges;
        this.erasers = erasers;
    }

    /**
     * What is to be purged.
     *
     * @param profile the erased one as it was known, null when nobody held the identifier
     * @param erasedAt what happened until then, this instant included, is forgotten
     * @param identifiers how many were erased
     * @param nodes whose history is left; their ids mean nothing any more
     * @param profiles whose deliveries are left
     */
    public record Begun(
            @Nullable Long profile,
            Instant erasedAt,
            int identifiers,
            Set<Long> nodes,
            Set<Long> profiles) {}

    /**
     * An identifier of the profile that the id, live or retired, leads to now; empty when it leads
     * to nobody.
     */
    public Optional<Identifier> holder(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        OptionalLong live = Identities.liveId(connection, workspace, profile);
        return live.isPresent()
                ? Identities.identifier(connection, workspace, live.getAsLong())
                : Optional.empty();
    }

    /** Whether the id ever was that of a profile. */
    public boolean wasKnown(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        ProfileKey key = new ProfileKey(workspace, profile);
        return ProfileStore.read(connection, List.of(key)).containsKey(key);
    }

    /**
     * Takes the profile that holds the identifier out of everything that is read, in the caller's
     * READ COMMITTED transaction; the identifier alone when nobody holds it.
     *
     * @param at what happened until then is forgotten, and whatever is known of it already
     * @param suppress whether what happens later is forbidden, too
     * @param now when the update is made
     */
    public Begun erase(
            Connection connection,
            WorkspaceId workspace,
            Identifier identifier,
            Instant at,
            boolean suppress,
            Instant now)
            throws SQLException {
        ErasureScope scope = identity.lock(connection, workspace, identifier);
        long newest = EventStore.newest(connection, workspace, scope.nodes());
        Instant until = Instant.ofEpochMilli(Math.max(at.toEpochMilli(), newest));
        return end(
                connection,
                workspace,
                scope,
                identity.erase(connection, scope, until.toEpochMilli(), suppress),
                until,
                now);
    }

    /**
     * Lets an anonymous profile go that did not change since {@code idleSince}, in the caller's
     * READ COMMITTED transaction. Nothing is forbidden: who comes again is new. Empty when it was
     * identified or changed meanwhile.
     */
    public Optional<Begun> letGo(
            Connection connection,
            WorkspaceId workspace,
            Identifier identifier,
            Instant idleSince,
            Instant now)
            throws SQLException {
        ErasureScope scope = identity.lock(connection, workspace, identifier);
        ProfileKey key = new ProfileKey(workspace, scope.profile());
        if (!scope.isAnonymous() || !ProfileStore.isIdle(connection, key, idleSince)) {
            return Optional.empty();
        }
        return Optional.of(
                end(connection, workspace, scope, identity.forget(connection, scope), now, now));
    }

    private Begun end(
            Connection connection,
            WorkspaceId workspace,
            ErasureScope scope,
            Erased erased,
            Instant until,
            Instant now)
            throws SQLException {
        for (ProfileEraser eraser : erasers) {
            eraser.forget(connection, workspace, scope.identifiers());
        }
        profileChanges.apply(connection, List.of(), erased.changes(), now);
        Set<Long> profiles = new TreeSet<>(scope.nodes());
        profiles.addAll(erased.left());
        erased.ended().forEach(key -> profiles.add(key.id()));
        tell(connection, workspace, scope, profiles, erased.ended(), now);
        return new Begun(
                scope.isVisible() ? scope.profile() : null,
                until,
                scope.nodes().size(),
                scope.nodes(),
                profiles);
    }

    private void tell(
            Connection connection,
            WorkspaceId workspace,
            ErasureScope scope,
            Set<Long> profiles,
            Set<ProfileKey> ended,
            Instant now)
            throws SQLException {
        Map<ProfileKey, ProfileStore.Row> rows =
                ProfileStore.read(
                        connection,
                        profiles.stream().map(id -> new ProfileKey(workspace, id)).toList());
        if (rows.isEmpty()) {
            return;
        }
        Map<Long, Long> versions = new HashMap<>();
        rows.forEach((key, row) -> versions.put(key.id(), row.version()));
        Set<Long> told = new TreeSet<>();
        for (ProfileEraser eraser : erasers) {
            told.addAll(eraser.end(connection, workspace, versions));
        }
        List<ProfileStore.Row> retired =
                rows.values().stream()
                        .filter(row -> ended.contains(row.key()))
                        .map(row -> new ProfileStore.Row(row.key(), row.version() + 1, true, null))
                        .toList();
        OutboxStore.delete(connection, workspace, profiles);
        ProfileStore.put(connection, retired, now);
        OutboxStore.insert(
                connection,
                retired.stream()
                        .map(row ->
                                new ProfileUpdate(
                                        workspace,
                                        row.key().id(),
                                        row.version(),
                                        now,
                                        0,
                                        List.of(
                                                item(
                                                        row.key().id() == scope.profile()
                                                                ? mergedBefore(rows, ended)
                                                                : Set.of(),
                                                        told))))
                        .toList());
    }

    /** The retired ids that led to the profile: a receiver may know the person by them. */
    private static Set<Long> mergedBefore(
            Map<ProfileKey, ProfileStore.Row> rows, Set<ProfileKey> ended) {
        Set<Long> merged = new TreeSet<>();
        rows.keySet().stream()
                .filter(key -> !ended.contains(key))
                .forEach(key -> merged.add(key.id()));
        return merged;
    }

    /** {@code told}: for activation, whatever the types they asked for. */
    private static ProfileUpdate.Item item(Set<Long> mergedIds, Set<Long> told) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        var merged = data.putArray("mergedIds");
        mergedIds.forEach(id -> merged.add(ProfileId.encode(id)));
        var destinations = data.putArray(ProfileUpdate.TOLD);
        told.forEach(destinations::add);
        return new ProfileUpdate.Item(ProfileUpdate.ERASED, data);
    }

    /**
     * How much went in one {@link #purge}.
     *
     * @param events of the history
     * @param rows of everything else
     */
    public record Purged(int events, int rows) {
        public boolean nothing() {
            return events == 0 && rows == 0;
        }
    }

    /**
     * Removes a part of what is left, in a transaction of the caller's.
     *
     * @param limit of events and of rows in each module, about
     */
    public Purged purge(
            Connection connection,
            WorkspaceId workspace,
            Collection<Long> nodes,
            Collection<Long> profiles,
            int limit)
            throws SQLException {
        int events = EventStore.delete(connection, workspace, nodes, limit);
        int rows = NodeStateStore.delete(connection, workspace, nodes, limit);
        for (ProfileEraser eraser : erasers) {
            rows += eraser.purge(connection, workspace, profiles, limit);
        }
        return new Purged(events, rows);
    }

    /** Removes the parked records of erased people, whoever they were, from a part of the list. */
    public ParkedErasure.Part purgeParked(Connection connection, WorkspaceId workspace, long after)
            throws SQLException {
        return ParkedErasure.delete(connection, workspace, after, identity);
    }
}
