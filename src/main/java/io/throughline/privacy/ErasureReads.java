package io.throughline.privacy;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Erasures as people see them. */
final class ErasureReads {
    private ErasureReads() {}

    private static final String SELECT =
            """
            select e.id, e.public_id, e.suppress, e.requested_by, e.requested_at,
                   count(*) as persons, count(*) filter (where p.status = 'done') as done,
                   coalesce(sum(p.identifiers), 0) as identifiers,
                   coalesce(sum(p.events), 0) as events, max(p.finished_at) as finished_at
            from privacy_erasure e
            join privacy_erasure_person p on p.erasure_id = e.id
            where e.workspace_id = ? and not e.retention and %s
            group by e.id
            order by e.id desc
            limit ?
            """;

    /** Newest first, those with an id below {@code before}. */
    static List<Erasure> before(
            Connection connection, WorkspaceId workspace, long before, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(SELECT.formatted("e.id < ?"))) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, before);
            statement.setInt(3, limit);
            return erasures(statement.executeQuery());
        }
    }

    static Optional<Erasure> find(Connection connection, WorkspaceId workspace, String publicId)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(SELECT.formatted("e.public_id = ?"))) {
            statement.setInt(1, workspace.value());
            statement.setString(2, publicId);
            statement.setInt(3, 1);
            return erasures(statement.executeQuery()).stream().findFirst();
        }
    }

    /** Whether this profile was erased for good, with what comes later. */
    static boolean isSuppressed(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        String sql =
                """
                select from privacy_erasure_person p
                join privacy_erasure e on e.id = p.erasure_id
                where p.workspace_id = ? and p.profile_id = ? and e.suppress
                limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, profile);
            return statement.executeQuery().next();
        }
    }

    private static List<Erasure> erasures(ResultSet row) throws SQLException {
        List<Erasure> erasures = new ArrayList<>();
        while (row.next()) {
            int persons = row.getInt("persons");
            int done = row.getInt("done");
            erasures.add(
                    new Erasure(
                            row.getLong("id"),
                            row.getString("public_id"),
                            row.getBoolean("suppress"),
                            row.getString("requested_by"),
                            ErasureStore.instant(row, "requested_at"),
                            persons,
                            done,
                            row.getLong("identifiers"),
                            row.getLong("events"),
                            done == persons ? ErasureStore.instant(row, "finished_at") : null));
        }
        return erasures;
    }

    /** When the oldest was asked for that is not carried out yet; empty when none is open. */
    static Optional<Instant> oldestUnfinished(Connection connection) throws SQLException {
        String sql =
                """
                select min(e.requested_at) from privacy_erasure_person p
                join privacy_erasure e on e.id = p.erasure_id
                where p.status <> 'done' and not e.retention
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSet row = statement.executeQuery();
            row.next();
            return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant);
        }
    }
}
