package io.throughline.event;

/**
 * The internal key of a workspace, the first column of every key that events write. Positive; what
 * clients see is the workspace's public id, owned by the {@code workspace} module.
 */
public record WorkspaceId(int value) {}
