package io.throughline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TestEnginesIT {
    @Test
    void givesEveryCallerADatabaseOfItsOwn() throws Exception {
        TestEngines.Database one = TestEngines.newDatabase();
        TestEngines.Database two = TestEngines.newDatabase();
        try (Connection connection = one.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE mine (id int)");
        }
        try (Connection connection = two.connect();
                Statement statement = connection.createStatement();
                ResultSet tables =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'")) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getInt(1)).isZero();
        }
    }

    @Test
    void sharesOneBrokerThatKeepsTopics() throws Exception {
        assertThat(TestEngines.kafkaBootstrap()).isEqualTo(TestEngines.kafkaBootstrap());
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestEngines.kafkaBootstrap()))) {
            admin.createTopics(List.of(new NewTopic("shared", 3, (short) 1))).all().get();
            Set<String> topics = admin.listTopics().names().get();
            assertThat(topics).contains("shared");
        }
    }
}
