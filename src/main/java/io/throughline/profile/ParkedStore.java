package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.IdentityErasure;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.workspace.Workspaces;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Records that no batch could take in: kept whole, with the reason. */
@Component
class ParkedStore {
    static final int MAX_REASON = 2_000;
    private static final Pattern KEY = Pattern.compile("([1-9][0-9]{0,8}):.*", Pattern.DOTALL);

    private final EventTransactions transactions;
    private final Workspaces workspaces;

    private final IdentityErasure erasure;

    ParkedStore(EventTransactions transactions, Workspaces workspaces, IdentityErasure erasure) {
        this.transactions = transactions;
        this.workspaces = workspaces;
        this.erasure = erasure;
    }

    /**
     * A record that is read again after it was parked is parked once; an event of an erased person
     * is not.
     */
    void park(ConsumerRecord<String, byte[]> poison, String reason) {
        String sql =
                """
                insert into profile_parked
                    (topic, topic_partition, topic_offset, record_key, record_value, reason,
                     workspace_id)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (topic, topic_partition, topic_offset, record_digest) do nothing
                returning id
                """;
        String key = poison.key() == null ? null : clean(poison.key());
        WorkspaceId owner = owner(poison);
        transactions.run(connection -> {
            // Written first: an erasure that runs beside this waits for whoever has written.
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, poison.topic());
                statement.setInt(2, poison.partition());
                statement.setLong(3, poison.offset());
                statement.setString(4, key);
                statement.setBytes(5, poison.value());
                statement.setString(6, shown(reason));
                statement.setObject(
                        7, owner == null ? null : owner.value(), java.sql.Types.INTEGER);
                ResultSet row = statement.executeQuery();
                boolean parked = row.next();
                if (parked) {
                    ParkedErasure.deleteForbidden(
                            connection, row.getLong(1), poison.value(), erasure);
                }
                return parked;
            }
        });
    }

    /** Whose it is for certain; null where that cannot be known, or is nobody's here. */
    private @Nullable WorkspaceId owner(ConsumerRecord<String, byte[]> poison) {
        WorkspaceId ofKey = ofKey(poison.key());
        WorkspaceId ofValue = ofValue(poison.value());
        if (ofKey != null && ofValue != null && !ofKey.equals(ofValue)) {
            return null;
        }
        return Optional.ofNullable(ofKey != null ? ofKey : ofValue)
                .filter(owner -> workspaces.byId(owner).isPresent())
                .orElse(null);
    }

    private static @Nullable WorkspaceId ofKey(@Nullable String key) {
        Matcher matcher = KEY.matcher(key == null ? "" : key);
        return matcher.matches() ? new WorkspaceId(Integer.parseInt(matcher.group(1))) : null;
    }

    private static @Nullable WorkspaceId ofValue(byte @Nullable [] value) {
        try {
            return value == null ? null : EventCodec.decode(value).header().workspace();
        } catch (RuntimeException e) {
            // whatever it fails with, it is poison
            return null;
        }
    }

    static String shown(String reason) {
        return clean(reason.substring(0, Math.min(reason.length(), MAX_REASON)));
    }

    private static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
