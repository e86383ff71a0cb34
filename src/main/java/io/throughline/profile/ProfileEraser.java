package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** What another module keeps about profiles, and how it forgets it. A bean of that module. */
public interface ProfileEraser {

    /**
     * Called in the transaction that ends the profiles: from its commit on, nothing more of them
     * leaves.
     *
     * @param versions the last version of each profile that ends, those that were merged into one
     *     of them before included
     * @return the destinations that may have heard of any of them, and are to be told
     */
    Set<Long> end(Connection connection, WorkspaceId workspace, Map<Long, Long> versions)
            throws SQLException;

    /**
     * Removes what is kept of profiles that have ended, up to about {@code limit} rows; called
     * again, each time in a transaction of its own, until nothing was left, and once more when
     * every transaction that ran beside {@link #end} is over.
     *
     * @return how many rows went
     */
    int purge(Connection connection, WorkspaceId workspace, Collection<Long> profiles, int limit)
            throws SQLException;

    /**
     * Called in the transaction that forgets these identifiers, those too that no profile held: a
     * module that keeps any of them by name keeps the name no longer.
     */
    default void forget(
            Connection connection, WorkspaceId workspace, Collection<Identifier> identifiers)
            throws SQLException {}
}
