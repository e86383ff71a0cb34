package io.throughline.collect;

import io.throughline.event.EventCodec;
import io.throughline.event.MalformedEventException;
import io.throughline.event.WorkspaceId;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was not accepted, told to whoever watches; nobody is owed it. A record of the topic {@value
 * #TOPIC}, whose key begins like those of the log: {@code <workspace>:}.
 */
public sealed interface RefusalNotice {
    String TOPIC = "throughline.refusals";

    WorkspaceId workspace();

    /**
     * One event of a request, the others of which may have been accepted.
     *
     * @param reason one of {@code Refusal}, in lower case
     * @param index its place in the batch, from 0
     * @param event an excerpt of what the client sent, its {@code type} filled in; never the key
     * @param cut whether the client sent more than the excerpt
     */
    record OfEvent(
            WorkspaceId workspace,
            long sourceId,
            Instant receivedAt,
            String reason,
            int index,
            ObjectNode event,
            boolean cut)
            implements RefusalNotice {}

    /**
     * A request as a whole.
     *
     * @param reason the slug of the problem it was answered with
     * @param detail what its sender was told
     */
    record OfRequest(
            WorkspaceId workspace, long sourceId, Instant receivedAt, String reason, String detail)
            implements RefusalNotice {}

    /**
     * An instance refused more than it tells.
     *
     * @param count refusals of this workspace that no notice was sent of
     */
    record Missed(WorkspaceId workspace, long count) implements RefusalNotice {}

    default String key() {
        return workspace().value() + ":";
    }

    static byte[] encode(RefusalNotice notice) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("workspace", notice.workspace().value());
        switch (notice) {
            case OfEvent of -> {
                json.put("source", of.sourceId);
                json.put("receivedAt", of.receivedAt.toEpochMilli());
                json.put("reason", of.reason);
                json.put("index", of.index);
                json.put("cut", of.cut);
                json.set("event", of.event);
            }
            case OfRequest of -> {
                json.put("source", of.sourceId);
                json.put("receivedAt", of.receivedAt.toEpochMilli());
                json.put("reason", of.reason);
                json.put("detail", of.detail);
            }
            case Missed missed -> json.put("missed", missed.count);
        }
        return EventCodec.JSON.writeValueAsBytes(json);
    }

    /**
     * @throws MalformedEventException when the bytes are no notice
     */
    static RefusalNotice decode(byte[] bytes) {
        try {
            JsonNode json = EventCodec.JSON.readTree(bytes);
            WorkspaceId workspace = new WorkspaceId(json.required("workspace").intValue());
            return json.has("missed")
                    ? new Missed(workspace, json.required("missed").longValue())
                    : refused(workspace, json);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new MalformedEventException("no notice of a refusal", e);
        }
    }

    private static RefusalNotice refused(WorkspaceId workspace, JsonNode json) {
        long source = json.required("source").longValue();
        Instant receivedAt = Instant.ofEpochMilli(json.required("receivedAt").longValue());
        String reason = json.required("reason").stringValue();
        if (json.get("event") instanceof ObjectNode object) {
            return new OfEvent(
                    workspace,
                    source,
                    receivedAt,
                    reason,
                    json.required("index").intValue(),
                    object,
                    json.required("cut").booleanValue());
        }
        return new OfRequest(
                workspace, source, receivedAt, reason, json.required("detail").stringValue());
    }
}
