package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.util.Map;

/** Who changed what, and when. Written in the transaction of the change, so both stand or fall. */
public interface AuditLog {
    /**
     * Joins the caller's JPA transaction, or has one of its own. Who did it is the token of the
     * current request, {@code system} outside of one.
     *
     * @param action noun and verb in the past: {@code source.created}
     * @param subject the public id of what was changed
     * @param details what changed, small, never a secret; values are what JSON can hold
     */
    void record(WorkspaceId workspace, String action, String subject, Map<String, ?> details);
}
