package io.throughline.activation;

import io.throughline.activation.auth.Auth;
import io.throughline.activation.auth.StoredValues;
import io.throughline.activation.delivery.Columns;
import io.throughline.activation.delivery.Receiver;
import io.throughline.activation.expression.InvalidExpressionException;
import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.webhook.WebhookSecret;
import io.throughline.contact.ContactRule;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.MasterKey;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads destinations the way sending needs them, signing keys included. */
final class ReceiverStore {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiverStore.class);

    private final JdbcClient jdbc;
    private final MasterKey masterKey;
    private final Clock clock;
    private final Set<Long> reported = ConcurrentHashMap.newKeySet();

    /** What is compiled, by what people wrote; of the last load. */
    private Map<Expressions, Tailoring> compiled = Map.of();

    private record Expressions(@Nullable String filter, @Nullable String transform) {}

    ReceiverStore(JdbcClient jdbc, MasterKey masterKey, Clock clock) {
        this.jdbc = jdbc;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /**
     * All of them. One whose secret, headers or auth this instance cannot read is not sent to from
     * here.
     */
    synchronized List<Receiver> load() {
        Map<Expressions, Tailoring> tailoring = new HashMap<>();
        List<Receiver> receivers =
                jdbc.sql("select * from destination where deleted_at is null")
                        .query((row, number) -> receiver(row, tailoring))
                        .list();
        compiled = tailoring;
        return receivers;
    }

    private Receiver receiver(ResultSet row, Map<Expressions, Tailoring> tailoring)
            throws SQLException {
        StoredValues headers =
                new StoredValues(
                        StoredValues.Kind.HEADERS,
                        row.getString("headers"),
                        row.getBytes("sealed_headers"),
                        row.getString("headers_key_id"));
        StoredValues auth =
                new StoredValues(
                        StoredValues.Kind.AUTH,
                        row.getString("auth"),
                        row.getBytes("sealed_auth"),
                        row.getString("auth_key_id"));
        boolean readable = isReadable(row, headers, auth);
        long id = row.getLong("id");
        Auth known = readable ? Auth.of(auth.open(masterKey, id)) : Auth.NONE;
        List<WebhookSecret> secrets = readable ? secrets(row) : List.of();
        return new Receiver(
                id,
                row.getString("public_id"),
                new WorkspaceId(row.getInt("workspace_id")),
                URI.create(row.getString("url")),
                Set.of((String[]) row.getArray("types").getArray()),
                tailoring.computeIfAbsent(
                        new Expressions(row.getString("filter"), row.getString("transform")),
                        this::tailoring),
                new ContactRule(
                        row.getString("purpose"),
                        row.getObject("stop_after_order_days", Integer.class)),
                row.getString("status").equals(DestinationStatus.ACTIVE.text())
                        && !secrets.isEmpty(),
                Duration.ofMillis(row.getInt("timeout_ms")),
                row.getInt("max_concurrency"),
                row.getInt("batch_size"),
                row.getObject("rate_per_second", Integer.class),
                timeToLive(row),
                readable ? all(headers.open(masterKey, id), known.header()) : Map.of(),
                known.tls(row.getString("ca_certificates")),
                secrets,
                Columns.instantOrNull(row, "not_before"),
                Columns.instantOrNull(row, "failing_since"));
    }

    private Tailoring tailoring(Expressions expressions) {
        Tailoring known = compiled.get(expressions);
        if (known != null) {
            return known;
        }
        try {
            return Tailoring.compile(expressions.filter(), expressions.transform());
        } catch (InvalidExpressionException e) {
            LOG.error("A filter or transform cannot be read by this version: {}", e.reason());
            return Tailoring.UNUSABLE;
        }
    }

    private static Map<String, String> all(Map<String, String> own, Map<String, String> auth) {
        Map<String, String> all = new HashMap<>(own);
        all.putAll(auth);
        return all;
    }

    private static @Nullable Duration timeToLive(ResultSet row) throws SQLException {
        Integer seconds = row.getObject("ttl_seconds", Integer.class);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    private boolean isReadable(ResultSet row, StoredValues headers, StoredValues auth)
            throws SQLException {
        String secretKeyId = row.getString("secret_key_id");
        boolean secretIsReadable = masterKey.id().equals(secretKeyId);
        StoredValues values = headers.opensWith(masterKey) ? auth : headers;
        if (secretIsReadable && values.opensWith(masterKey)) {
            return true;
        }
        if (reported.add(row.getLong("id"))) {
            LOG.error(
                    "The {} of destination {} was encrypted with master key {}, this instance has"
                            + " {}: set throughline.master-key to the same value on"
                            + " every instance",
                    secretIsReadable ? values.kind().text() : "secret",
                    row.getString("public_id"),
                    secretIsReadable ? values.keyId() : secretKeyId,
                    masterKey.id());
        }
        return false;
    }

    private List<WebhookSecret> secrets(ResultSet row) throws SQLException {
        List<WebhookSecret> secrets = new ArrayList<>();
        long id = row.getLong("id");
        secrets.add(new WebhookSecret(masterKey.decrypt(row.getBytes("secret"), id)));
        Instant until = Columns.instantOrNull(row, "old_secret_until");
        if (until != null
                && clock.instant().isBefore(until)
                && masterKey.id().equals(row.getString("old_secret_key_id"))) {
            secrets.add(new WebhookSecret(masterKey.decrypt(row.getBytes("old_secret"), id)));
        }
        return secrets;
    }
}
