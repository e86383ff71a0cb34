package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks sources up in memory: never waits for the database, costs the same for a known and an
 * unknown key, keeps answering while the database is down. Sees a change made on another instance
 * within a second. Thread-safe.
 */
public class Sources {
    private final Supplier<Directory> directory;

    Sources(Supplier<Directory> directory) {
        this.directory = directory;
    }

    /** A fixed set, by write key; for whoever runs without a database. */
    public static Sources of(Map<String, Source> byWriteKey) {
        Map<Long, Source> byId = new HashMap<>();
        byWriteKey.values().forEach(source -> byId.put(source.id(), source));
        Directory fixed =
                new Directory(
                        0, Map.of(), Map.of(), Map.copyOf(byWriteKey), Map.copyOf(byId), Map.of());
        return new Sources(() -> fixed);
    }

    /** Empty for a key nobody has, or whose source was deleted. */
    public Optional<Source> byWriteKey(String writeKey) {
        return Optional.ofNullable(directory.get().sourcesByWriteKey().get(writeKey));
    }

    /** Also a deleted source: its events stay, and so does what they mean. */
    public Optional<Source> byId(long id) {
        return Optional.ofNullable(directory.get().sourcesById().get(id));
    }

    /** The source of this workspace with the id that clients see; also a deleted one. */
    public Optional<Source> byPublicId(WorkspaceId workspace, String publicId) {
        return directory.get().sourcesById().values().stream()
                .filter(source ->
                        source.workspace().equals(workspace) && source.publicId().equals(publicId))
                .findAny();
    }

    /** By the id clients see; empty for a deleted one, and for one of another workspace. */
    public Optional<Source> liveByPublicId(WorkspaceId workspace, String publicId) {
        return directory.get().sourcesByWriteKey().values().stream()
                .filter(source -> source.publicId().equals(publicId))
                .filter(source -> source.workspace().equals(workspace))
                .findFirst();
    }

    /**
     * The version of its workspace's identity configuration, with which its events are stamped; 0
     * is the built-in one. Changed with {@link IdentityVersions}.
     */
    public int identityVersion(Source source) {
        return directory.get().identityVersions().getOrDefault(source.workspace(), 0);
    }

    /** The currency of an amount that names none; USD if the workspace has no such source. */
    public String currency(WorkspaceId workspace, long sourceId) {
        return byId(sourceId)
                .filter(source -> source.workspace().equals(workspace))
                .map(Source::currency)
                .orElse(Source.DEFAULT_CURRENCY);
    }
}
