package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import java.io.IOException;
import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** What another module keeps about profiles, as it is told to the person. A bean of that module. */
public interface ProfileExporter {

    /** Where an archive is written to, a line each. */
    interface Lines {
        /**
         * @param kind what the line is: {@code event}, {@code delivery}, …
         */
        void add(String kind, ObjectNode data) throws IOException;
    }

    /**
     * Writes what is kept, reading in parts: whoever receives the archive may be slow, so nothing
     * of the database is held meanwhile.
     *
     * @param profiles the live profile and those that were merged into it
     */
    void export(WorkspaceId workspace, Collection<Long> profiles, Lines lines) throws IOException;
}
