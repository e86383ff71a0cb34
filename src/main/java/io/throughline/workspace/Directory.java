package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Everything this module holds, as it was at one moment. Immutable.
 *
 * @param revision counts the changes of the three tables; a higher one is newer
 * @param identityVersions of the workspaces' identity configurations
 * @param sourcesByWriteKey live sources only
 * @param sourcesById deleted ones too
 * @param tokensByHash live tokens by the SHA-256 of their text
 */
record Directory(
        long revision,
        Map<String, Workspace> workspacesByPublicId,
        Map<WorkspaceId, Integer> identityVersions,
        Map<String, Source> sourcesByWriteKey,
        Map<Long, Source> sourcesById,
        Map<String, Token> tokensByHash) {
    static final Directory EMPTY =
            new Directory(-1, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    List<Workspace> workspaces() {
        return workspacesByPublicId.values().stream()
                .sorted(Comparator.comparingInt(workspace -> workspace.id().value()))
                .toList();
    }
}
