package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.time.Instant;

/**
 * A closed room: profiles, sources and destinations of one never meet another's.
 *
 * @param id the key in tables and on topics
 * @param publicId the id clients see: {@code default} for the first, {@code ws_…} for others
 */
public record Workspace(WorkspaceId id, String publicId, String name, Instant createdAt) {
    /** The workspace that exists from the first start. */
    public static final WorkspaceId DEFAULT = new WorkspaceId(1);

    static final String DEFAULT_PUBLIC_ID = "default";
}
