package io.throughline.activation;

import io.throughline.activation.delivery.Receiver;
import io.throughline.activation.webhook.WebhookSecret;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.MasterKey;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads destinations the way sending needs them, signing keys included. */
final class ReceiverStore {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiverStore.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final MasterKey masterKey;
    private final Clock clock;
    private final Set<Long> reported = ConcurrentHashMap.newKeySet();

    ReceiverStore(JdbcClient jdbc, MasterKey masterKey, Clock clock) {
        this.jdbc = jdbc;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /** All of them. One whose secret this instance cannot read is not sent to from here. */
    List<Receiver> load() {
        return jdbc.sql("select * from destination where deleted_at is null")
                .query((row, number) -> receiver(row))
                .list();
    }

    private Receiver receiver(ResultSet row) throws SQLException {
        List<WebhookSecret> secrets = secrets(row);
        return new Receiver(
                row.getLong("id"),
                new WorkspaceId(row.getInt("workspace_id")),
                URI.create(row.getString("url")),
                Set.of((String[]) row.getArray("types").getArray()),
                row.getString("status").equals(DestinationStatus.ACTIVE.text())
                        && !secrets.isEmpty(),
                Duration.ofMillis(row.getInt("timeout_ms")),
                row.getInt("max_concurrency"),
                JSON.readValue(
                        row.getString("headers"), new TypeReference<Map<String, String>>() {}),
                secrets,
                instant(row, "not_before"));
    }

    private List<WebhookSecret> secrets(ResultSet row) throws SQLException {
        List<WebhookSecret> secrets = new ArrayList<>();
        long id = row.getLong("id");
        if (!row.getString("secret_key_id").equals(masterKey.id())) {
            if (reported.add(id)) {
                LOG.error(
                        "The secret of destination {} was encrypted with master key {}, this"
                                + " instance has {}: set throughline.master-key to the"
                                + " same value on every instance",
                        row.getString("public_id"),
                        row.getString("secret_key_id"),
                        masterKey.id());
            }
            return secrets;
        }
        secrets.add(new WebhookSecret(masterKey.decrypt(row.getBytes("secret"), id)));
        Instant until = instant(row, "old_secret_until");
        if (until != null
                && clock.instant().isBefore(until)
                && masterKey.id().equals(row.getString("old_secret_key_id"))) {
            secrets.add(new WebhookSecret(masterKey.decrypt(row.getBytes("old_secret"), id)));
        }
        return secrets;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
