package io.throughline.activation;

import io.throughline.activation.delivery.WebhookIds;
import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileExporter;
import io.throughline.profile.ProfileId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** What was sent about a person, and to whom. */
@Component
class DeliveryExport implements ProfileExporter {
    private static final int PART = 200;

    private final JdbcClient jdbc;

    DeliveryExport(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Sent(
            long id,
            @Nullable UUID webhookId,
            String destination,
            long profile,
            String type,
            String status,
            OffsetDateTime createdAt,
            byte @Nullable [] body) {
        private ObjectNode json() {
            ObjectNode json = EventCodec.JSON.createObjectNode();
            json.put("id", Long.toString(id));
            json.put("webhookId", webhookId == null ? null : WebhookIds.shown(webhookId));
            json.put("destination", destination);
            json.put("profileId", ProfileId.encode(profile));
            json.put("type", type);
            json.put("status", status);
            json.put("createdAt", createdAt.toInstant().toString());
            json.set(
                    "body",
                    body == null
                            ? null
                            : EventCodec.JSON.readTree(new String(body, StandardCharsets.UTF_8)));
            return json;
        }
    }

    @Override
    public void export(WorkspaceId workspace, Collection<Long> profiles, Lines lines)
            throws IOException {
        long after = 0;
        while (true) {
            List<Sent> part =
                    jdbc.sql(
                                    """
                                    select d.id, d.webhook_id, t.name, d.profile_id, d.type, d.status,
                                        d.created_at, d.body
                                    from delivery d
                                    join destination t on t.id = d.destination_id
                                    where d.workspace_id = :workspace
                                        and d.lane_profile_id = any(:profiles) and d.id > :after
                                    order by d.id
                                    limit :limit
                                    """)
                            .param("workspace", workspace.value())
                            .param("profiles", profiles.toArray(Long[]::new))
                            .param("after", after)
                            .param("limit", PART)
                            .query((row, number) ->
                                    new Sent(
                                            row.getLong(1),
                                            row.getObject(2, UUID.class),
                                            row.getString(3),
                                            row.getLong(4),
                                            row.getString(5),
                                            row.getString(6),
                                            row.getObject(7, OffsetDateTime.class),
                                            row.getBytes(8)))
                            .list();
            for (Sent sent : part) {
                lines.add("delivery", sent.json());
            }
            if (part.size() < PART) {
                return;
            }
            after = part.getLast().id();
        }
    }
}
