package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.throughline.testing.ThroughlineIT;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What V0085 makes of states that were owed when it came. */
@ThroughlineIT
class StatesInLanesMigrationIT {
    private static final String SCHEMA = "states_in_lanes";

    @Autowired private DataSource pool;
    @Autowired private JdbcClient application;

    @AfterEach
    void drop() {
        application.sql("drop schema if exists " + SCHEMA + " cascade").update();
    }

    @Test
    void whatIsOwedStaysOwed() throws Exception {
        // A connection of its own: the pool's go on to other tests, with the schema of this one.
        HikariDataSource settings = pool.unwrap(HikariDataSource.class);
        try (var schema =
                new SingleConnectionDataSource(
                        settings.getJdbcUrl(),
                        settings.getUsername(),
                        settings.getPassword(),
                        true)) {
            JdbcClient jdbc = JdbcClient.create(schema);
            jdbc.sql("create schema " + SCHEMA).update();
            jdbc.sql("set search_path = " + SCHEMA).update();
            migrate(schema, "0084");
            jdbc.sql(
                            """
                            insert into delivery (workspace_id, id, destination_id, profile_id,
                                version, item, lane_profile_id, position, type, status, webhook_id,
                                body, attempts, caused_at, created_at)
                            select 1, id, 1, profile, 5, item, profile, id + 100, type, status,
                                gen_random_uuid(), body, attempts, now(), now()
                            from (values
                                (11, 1, -1, 'profile.updated', 'pending', null::bytea, 0),
                                (12, 2, -1, 'profile.updated', 'pending', 'tried', 2),
                                (13, 3, -1, 'profile.updated', 'succeeded', 'sent', 1),
                                (14, 1, 0, 'order.recorded', 'pending', 'item', 0))
                                as d(id, profile, item, type, status, body, attempts)
                            """)
                    .update();
            jdbc.sql(
                            """
                            insert into delivery_lane
                                (workspace_id, profile_id, destination_id, wanted_version, wanted_at,
                                    state_id, due_at)
                            values (1, 1, 1, 5, now(), 11, now()), (1, 2, 1, 5, now(), 12, now()),
                                (1, 3, 1, 5, now(), null, null)
                            """)
                    .update();
            migrate(schema, "0085");
            assertThat(jdbc.sql("select id from delivery order by id").query(Long.class).list())
                    .containsExactly(12L, 13L, 14L);
            assertThat(
                            jdbc.sql(
                                            """
                                            select concat_ws(' ', profile_id, state_id,
                                                coalesce(state_position::text, '-'),
                                                state_since is not null)
                                            from delivery_lane order by profile_id
                                            """)
                                    .query(String.class)
                                    .list())
                    .containsExactly("1 11 111 t", "2 12 - t", "3 - f");
            jdbc.sql(
                            """
                            update delivery_lane set leased_id = state_id,
                                lease_token = gen_random_uuid() where profile_id < 3
                            """)
                    .update();
            migrate(schema, "0086");
            assertThat(
                            jdbc.sql(
                                            """
                                            select concat_ws(' ', profile_id, state_id,
                                                due_at is not null, lease_token is null)
                                            from delivery_lane order by profile_id
                                            """)
                                    .query(String.class)
                                    .list())
                    .as("what was in flight waits for the end of its lease")
                    .containsExactly("1 11 t t", "2 12 t t", "3 f t");
            assertThat(jdbc.sql("select id from delivery_untried").query(Long.class).list())
                    .containsExactly(11L);
        }
    }

    private static void migrate(DataSource database, String version) {
        Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .target(MigrationVersion.fromVersion(version))
                .load()
                .migrate();
    }
}
