package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.stereotype.Component;

/**
 * The number of each workspace's newest identity configuration, which collect stamps on events;
 * what the configuration says is not known here.
 */
@Component
public class IdentityVersions {
    private final LiveDirectory directory;

    IdentityVersions(LiveDirectory directory) {
        this.directory = directory;
    }

    /** The newest, 0 before any; keeps others from making another until the transaction ends. */
    public int lock(Connection connection, WorkspaceId workspace) throws SQLException {
        String sql = "select identity_version from workspace where id = ? for update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    /** Makes this the newest: from the commit on, every instance soon stamps events with it. */
    public void set(Connection connection, WorkspaceId workspace, int version) throws SQLException {
        String sql = "update workspace set identity_version = ? where id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, version);
            statement.setInt(2, workspace.value());
            statement.executeUpdate();
        }
    }

    /** After the commit: this instance stamps with it before the caller hears of it. */
    public void committed() {
        directory.seeNow();
    }
}
