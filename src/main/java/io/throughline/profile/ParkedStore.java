package io.throughline.profile;

import io.throughline.platform.jdbc.EventTransactions;
import java.sql.PreparedStatement;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/** Records that no batch could take in: kept whole, with the reason. */
@Component
class ParkedStore {
    private static final int MAX_REASON = 2_000;

    private final EventTransactions transactions;

    ParkedStore(EventTransactions transactions) {
        this.transactions = transactions;
    }

    /** A record that is read again after it was parked is parked once. */
    void park(ConsumerRecord<String, byte[]> poison, String reason) {
        String sql =
                """
                insert into profile_parked
                    (topic, topic_partition, topic_offset, record_key, record_value, reason)
                values (?, ?, ?, ?, ?, ?)
                on conflict (topic, topic_partition, topic_offset, record_digest) do nothing
                """;
        String key = poison.key() == null ? null : clean(poison.key());
        String shown = clean(reason.substring(0, Math.min(reason.length(), MAX_REASON)));
        transactions.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, poison.topic());
                statement.setInt(2, poison.partition());
                statement.setLong(3, poison.offset());
                statement.setString(4, key);
                statement.setBytes(5, poison.value());
                statement.setString(6, shown);
                return statement.executeUpdate();
            }
        });
    }

    private static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
