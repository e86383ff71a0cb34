package io.throughline.collect.plan;

import io.throughline.collect.plan.PlanCounts.Name;
import io.throughline.collect.plan.PlanCounts.Rule;
import io.throughline.collect.plan.Tally.Row;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * SQL of the counts, one statement for all of a table. One instance adds at a time, so that the
 * bounds hold over all of them and no two wait for each other in a circle.
 */
@Component
class CountStore {
    private final EventTransactions transactions;

    CountStore(EventTransactions transactions) {
        this.transactions = transactions;
    }

    /** All or nothing. */
    void add(List<Row<Name>> names, List<Row<Rule>> rules) {
        transactions.run(connection -> {
            lock(connection);
            addNames(connection, names);
            addRules(connection, rules);
            return true;
        });
    }

    private static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('throughline.tracking_plan'))");
        }
    }

    /**
     * A name beyond the bound counts under other; one that is in the table already stays itself.
     */
    private static void addNames(Connection connection, List<Row<Name>> rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH incoming AS (
                            SELECT i.*, t.source_id IS NOT NULL OR i.type = 'other' AS known
                            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[],
                                        ?::timestamptz[], ?::timestamptz[])
                                 AS i (source_id, type, name, count, first_seen, last_seen)
                            LEFT JOIN tracking_plan_unlisted t USING (source_id, type, name)
                        ), held AS (
                            SELECT source_id, (SELECT count(*) FROM tracking_plan_unlisted t
                                               WHERE t.source_id = s.source_id
                                                 AND t.type <> 'other') AS held
                            FROM (SELECT DISTINCT source_id FROM incoming) s
                        ), placed AS (
                            SELECT i.*, known OR held + row_number() OVER (
                                       PARTITION BY source_id, known
                                       ORDER BY first_seen, type, name) <= %d AS fits
                            FROM incoming i JOIN held USING (source_id)
                        )
                        INSERT INTO tracking_plan_unlisted AS t
                            (source_id, type, name, count, first_seen, last_seen)
                        SELECT source_id, CASE WHEN fits THEN type ELSE 'other' END,
                               CASE WHEN fits THEN name ELSE '' END,
                               sum(count), min(first_seen), max(last_seen)
                        FROM placed GROUP BY 1, 2, 3
                        ON CONFLICT (source_id, type, name) DO UPDATE SET
                            count = t.count + excluded.count,
                            first_seen = least(t.first_seen, excluded.first_seen),
                            last_seen = greatest(t.last_seen, excluded.last_seen)
                        """
                                .formatted(PlanCounts.MAX_NAMES))) {
            SqlArrays.of(statement)
                    .longs(rows, Row::sourceId)
                    .texts(rows, row -> row.key().type())
                    .texts(rows, row -> row.key().name())
                    .longs(rows, row -> row.count().count())
                    .times(rows, row -> row.count().first())
                    .times(rows, row -> row.count().last());
            statement.executeUpdate();
        }
    }

    /** Of a plan that was deleted meanwhile nothing is kept. */
    private static void addRules(Connection connection, List<Row<Rule>> rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH incoming AS (
                            SELECT i.*, t.source_id IS NOT NULL OR i.rule = 'other' AS known
                            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                                        ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[])
                                 AS i (source_id, type, name, rule, count,
                                       first_seen, last_seen, pointer, message)
                            JOIN tracking_plan p USING (source_id)
                            LEFT JOIN tracking_plan_violation t USING (source_id, type, name, rule)
                        ), held AS (
                            SELECT source_id, type, name,
                                   (SELECT count(*) FROM tracking_plan_violation t
                                    WHERE t.source_id = e.source_id AND t.type = e.type
                                      AND t.name = e.name AND t.rule <> 'other') AS held
                            FROM (SELECT DISTINCT source_id, type, name FROM incoming) e
                        ), placed AS (
                            SELECT i.*, known OR held + row_number() OVER (
                                       PARTITION BY source_id, type, name, known
                                       ORDER BY first_seen, rule) <= %d AS fits
                            FROM incoming i JOIN held USING (source_id, type, name)
                        )
                        INSERT INTO tracking_plan_violation AS t
                            (source_id, type, name, rule, count,
                             first_seen, last_seen, pointer, message)
                        SELECT source_id, type, name, CASE WHEN fits THEN rule ELSE 'other' END,
                               sum(count), min(first_seen), max(last_seen),
                               (array_agg(pointer ORDER BY last_seen DESC))[1],
                               (array_agg(message ORDER BY last_seen DESC))[1]
                        FROM placed GROUP BY 1, 2, 3, 4
                        ON CONFLICT (source_id, type, name, rule) DO UPDATE SET
                            count = t.count + excluded.count,
                            first_seen = least(t.first_seen, excluded.first_seen),
                            last_seen = greatest(t.last_seen, excluded.last_seen),
                            pointer = excluded.pointer,
                            message = excluded.message
                        """
                                .formatted(PlanCounts.MAX_RULES))) {
            SqlArrays.of(statement)
                    .longs(rows, Row::sourceId)
                    .texts(rows, row -> row.key().type())
                    .texts(rows, row -> row.key().name())
                    .texts(rows, row -> row.key().rule())
                    .longs(rows, row -> row.count().count())
                    .times(rows, row -> row.count().first())
                    .times(rows, row -> row.count().last())
                    .texts(rows, row -> row.count().pointer())
                    .texts(rows, row -> row.count().message());
            statement.executeUpdate();
        }
    }

    /** Drops names that nobody has sent since. */
    void forgetBefore(Instant limit) {
        transactions.run(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            "DELETE FROM tracking_plan_unlisted WHERE last_seen < ?::timestamptz")) {
                statement.setString(1, limit.toString());
                return statement.executeUpdate();
            }
        });
    }
}
