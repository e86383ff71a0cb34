package io.throughline.privacy;

import io.throughline.platform.jdbc.Horizon;
import io.throughline.privacy.ErasureStore.PersonKey;
import io.throughline.profile.ProfileErasure.Begun;
import io.throughline.profile.ProfileErasure.Purged;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** How far the erasure of a person is, whose row the caller's transaction has locked. */
final class ErasureSteps {
    private ErasureSteps() {}

    /** The person's name is forgotten here, too. */
    static void ended(Connection connection, PersonKey person, Begun begun) throws SQLException {
        String sql =
                """
                update privacy_erasure_person
                set status = 'ended', type = null, value = null, profile_id = ?, erased_at = ?,
                    identifiers = ?, nodes = ?, profiles = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, begun.profile());
            statement.setObject(2, begun.erasedAt().atOffset(ZoneOffset.UTC));
            statement.setInt(3, begun.identifiers());
            statement.setArray(4, connection.createArrayOf("int8", begun.nodes().toArray()));
            statement.setArray(5, connection.createArrayOf("int8", begun.profiles().toArray()));
            statement.setLong(6, person.erasure());
            statement.setInt(7, person.number());
            statement.executeUpdate();
        }
    }

    /**
     * Nothing is left to see: a transaction after the one that ended the person says so, and those
     * that are older than it may not have seen the end. The first such moment counts; false for a
     * later one.
     */
    static boolean emptied(Connection connection, PersonKey person) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set emptied_in = pg_current_xact_id()
                where erasure_id = ? and number = ? and emptied_in is null
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            return statement.executeUpdate() == 1;
        }
    }

    /** Whether every transaction that ran beside the erasure is over, once it was emptied. */
    static boolean isSettled(Connection connection, PersonKey person) throws SQLException {
        String sql =
                """
                select coalesce(%s, false) from privacy_erasure_person
                where erasure_id = ? and number = ?
                """
                        .formatted(Horizon.isPassed("emptied_in"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            ResultSet row = statement.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    /** Nobody looks at the person again before. */
    static int postpone(Connection connection, PersonKey person, Instant then) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set next_try_at = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, then.atOffset(ZoneOffset.UTC));
            statement.setLong(2, person.erasure());
            statement.setInt(3, person.number());
            return statement.executeUpdate();
        }
    }

    /** Whether this is the last person of its erasure. Of two at once one sees the other done. */
    static boolean isLast(Connection connection, PersonKey person) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select id from privacy_erasure where id = ? for update")) {
            statement.setLong(1, person.erasure());
            statement.executeQuery();
        }
        String sql =
                """
                select 1 from privacy_erasure_person
                where erasure_id = ? and number <> ? and status <> 'done'
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            return !statement.executeQuery().next();
        }
    }

    /** The list of parked records was looked at up to this one. */
    static void lookedAtParked(Connection connection, PersonKey person, long last, int deleted)
            throws SQLException {
        String sql =
                """
                update privacy_erasure_person set parked_after = ?, rows = rows + ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, last);
            statement.setInt(2, deleted);
            statement.setLong(3, person.erasure());
            statement.setInt(4, person.number());
            statement.executeUpdate();
        }
    }

    static void purged(Connection connection, PersonKey person, Purged purged) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set events = events + ?, rows = rows + ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, purged.events());
            statement.setLong(2, purged.rows());
            statement.setLong(3, person.erasure());
            statement.setInt(4, person.number());
            statement.executeUpdate();
        }
    }

    /** Nothing is left of the person; what remains is the proof, where somebody asked. */
    static void done(Connection connection, PersonKey person, Instant now) throws SQLException {
        String retained =
                """
                with gone as (delete from privacy_erasure where id = ? and retention returning id)
                delete from privacy_erasure_person p using gone where p.erasure_id = gone.id
                """;
        try (PreparedStatement statement = connection.prepareStatement(retained)) {
            statement.setLong(1, person.erasure());
            if (statement.executeUpdate() > 0) {
                return;
            }
        }
        String sql =
                """
                update privacy_erasure_person
                set status = 'done', nodes = null, profiles = null, finished_at = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            statement.setLong(2, person.erasure());
            statement.setInt(3, person.number());
            statement.executeUpdate();
        }
    }
}
