package io.throughline.collect.plan;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and clears the counts of one source; as old as the last flush of each instance. */
@Component
class CountReads {
    private final JdbcClient jdbc;

    CountReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One rule that events broke.
     *
     * @param name null for an entry without one
     * @param rule a JSON pointer into the schema; {@code other} for those beyond the twentieth
     * @param pointer where the latest broke it, a JSON pointer into its properties or traits
     */
    record CountedViolation(
            String type,
            @Nullable String name,
            String rule,
            long count,
            Instant firstSeen,
            Instant lastSeen,
            String pointer,
            String message) {}

    /**
     * One name that was seen.
     *
     * @param type {@code other}, without a name, for all names beyond the thousandth
     * @param name cut after 200 characters
     */
    record UnlistedName(
            String type, @Nullable String name, long count, Instant firstSeen, Instant lastSeen) {}

    /** By type, name and rule, those after the given ones. */
    List<CountedViolation> violationsAfter(
            long sourceId, String type, String name, String rule, int limit) {
        return jdbc.sql(
                        """
                        SELECT type, name, rule, count, first_seen, last_seen, pointer, message
                        FROM tracking_plan_violation
                        WHERE source_id = ? AND (type, name, rule) > (?, ?, ?)
                        ORDER BY type, name, rule LIMIT ?
                        """)
                .params(sourceId, type, name, rule, limit)
                .query((row, _) -> violation(row))
                .list();
    }

    /** All that come after the given one: a source has at most a thousand and one. */
    List<UnlistedName> unlistedAfter(long sourceId, String type, String name) {
        return jdbc.sql(
                        """
                        SELECT type, name, count, first_seen, last_seen
                        FROM tracking_plan_unlisted
                        WHERE source_id = ? AND (type, name) > (?, ?)
                        ORDER BY type, name
                        """)
                .params(sourceId, type, name)
                .query((row, _) ->
                        new UnlistedName(
                                row.getString("type"),
                                name(row),
                                row.getLong("count"),
                                at(row, "first_seen"),
                                at(row, "last_seen")))
                .list();
    }

    void clearViolations(long sourceId) {
        jdbc.sql("DELETE FROM tracking_plan_violation WHERE source_id = ?")
                .param(sourceId)
                .update();
    }

    void clearUnlisted(long sourceId) {
        jdbc.sql("DELETE FROM tracking_plan_unlisted WHERE source_id = ?").param(sourceId).update();
    }

    private static CountedViolation violation(ResultSet row) throws SQLException {
        return new CountedViolation(
                row.getString("type"),
                name(row),
                row.getString("rule"),
                row.getLong("count"),
                at(row, "first_seen"),
                at(row, "last_seen"),
                row.getString("pointer"),
                row.getString("message"));
    }

    private static @Nullable String name(ResultSet row) throws SQLException {
        String name = row.getString("name");
        return name == null || name.isEmpty() ? null : name;
    }

    private static Instant at(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
