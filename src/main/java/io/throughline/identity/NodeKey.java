package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.util.Comparator;

/** An identifier in its workspace. The natural order is the one in which nodes are inserted. */
public record NodeKey(WorkspaceId workspace, Identifier identifier) implements Comparable<NodeKey> {
    private static final Comparator<NodeKey> ORDER =
            Comparator.comparingInt((NodeKey key) -> key.workspace.value())
                    .thenComparing(NodeKey::identifier);

    @Override
    public int compareTo(NodeKey other) {
        return ORDER.compare(this, other);
    }
}
