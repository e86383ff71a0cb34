package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import org.jspecify.annotations.Nullable;

/**
 * Who calls. The text of the token is nowhere in here.
 *
 * @param workspace the only one the token sees; null for the bootstrap token, which sees all
 */
record Token(
        long id, String publicId, @Nullable WorkspaceId workspace, String name, TokenRole role) {
    boolean sees(Workspace other) {
        return workspace == null || workspace.equals(other.id());
    }
}
