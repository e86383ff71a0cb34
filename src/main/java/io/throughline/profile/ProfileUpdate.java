package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of one profile and the messages it owes: a record of the topic {@link #TOPIC}, keyed
 * by workspace and profile, in version order per profile, at least once.
 *
 * <p>The identity of a message is (workspace, profile, version, index in {@code items}), assigned
 * in the resolve transaction; Kafka coordinates mean nothing.
 *
 * @param profile the profile's id, internal form
 * @param at when the resolve transaction ran
 */
public record ProfileUpdate(
        WorkspaceId workspace, long profile, long version, Instant at, List<Item> items) {
    public static final String TOPIC = "throughline.updates";

    /**
     * One owed message.
     *
     * @param type a webhook type: {@code profile.updated}, {@code profile.merged}, {@code
     *     order.recorded}, …
     * @param data what the version alone knows; {@link ProfileItems} completes it to the webhook's
     *     {@code data}
     */
    public record Item(String type, ObjectNode data) {}

    /** The topic's key: what keeps a profile's updates in order. */
    public String key() {
        return key(workspace, profile);
    }

    static String key(WorkspaceId workspace, long profile) {
        return workspace.value() + ":" + profile;
    }
}
