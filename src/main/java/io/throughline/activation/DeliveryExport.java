package io.throughline.activation;

import io.throughline.activation.DeliveriesController.DeliveryDetails;
import io.throughline.activation.DeliveriesController.DeliveryDocument;
import io.throughline.activation.DeliveryReads.AttemptRow;
import io.throughline.activation.DeliveryReads.DeliveryRow;
import io.throughline.activation.DeliveryReads.Filter;
import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was sent about a person or waits to be, to whom, and what they answered. */
@Component
class DeliveryExport implements ProfileExporter {
    private static final int PART = 200;

    private final DeliveryReads deliveries;
    private final JsonMapper json;

    DeliveryExport(DeliveryReads deliveries, JsonMapper json) {
        this.deliveries = deliveries;
        this.json = json;
    }

    @Override
    public void export(WorkspaceId workspace, Collection<Long> profiles, Lines lines)
            throws IOException {
        for (long profile : profiles) {
            export(workspace, new Filter(null, profile, null, null, null), lines);
        }
    }

    private void export(WorkspaceId workspace, Filter filter, Lines lines) throws IOException {
        long before = Long.MAX_VALUE;
        while (true) {
            List<DeliveryRow> part = deliveries.before(workspace, filter, before, PART);
            List<Long> ids = part.stream().map(DeliveryRow::id).toList();
            Map<Long, List<AttemptRow>> attempts = deliveries.attempts(workspace, ids);
            Map<Long, String> bodies = deliveries.bodies(workspace, ids);
            for (DeliveryRow row : part) {
                DeliveryDetails details =
                        DeliveryDetails.of(
                                DeliveryDocument.of(row),
                                attempts.getOrDefault(row.id(), List.of()));
                ObjectNode delivery = json.valueToTree(details);
                String body = bodies.get(row.id());
                delivery.set("body", body == null ? null : EventCodec.JSON.readTree(body));
                lines.add("delivery", delivery);
            }
            if (part.size() < PART) {
                return;
            }
            before = part.getLast().id();
        }
    }
}
