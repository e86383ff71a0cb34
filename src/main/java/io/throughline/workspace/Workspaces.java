package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks workspaces up in memory, with the promises of {@link Sources}. */
public class Workspaces {
    private final Supplier<Directory> directory;

    Workspaces(Supplier<Directory> directory) {
        this.directory = directory;
    }

    public Optional<Workspace> byPublicId(String publicId) {
        return Optional.ofNullable(directory.get().workspacesByPublicId().get(publicId));
    }

    public Optional<Workspace> byId(WorkspaceId id) {
        return all().stream().filter(workspace -> workspace.id().equals(id)).findFirst();
    }

    /** In the order they were made. */
    public List<WorkspaceId> ids() {
        return all().stream().map(Workspace::id).toList();
    }

    List<Workspace> all() {
        return directory.get().workspaces();
    }
}
