package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of one profile and messages it owes, all of them or, where one record cannot hold
 * them, a part: a record of the topic {@link #TOPIC}, keyed by workspace and profile, in version
 * order per profile, at least once.
 *
 * <p>The identity of a message is (workspace, profile, version, its number in the version's items),
 * assigned in the resolve transaction; Kafka coordinates mean nothing. A version that owes more
 * than one record can hold comes in several, one after the other.
 *
 * @param profile the profile's id, internal form
 * @param at when the resolve transaction ran
 * @param firstItem the number of the first of {@code items} among those of the version
 */
public record ProfileUpdate(
        WorkspaceId workspace,
        long profile,
        long version,
        Instant at,
        int firstItem,
        List<Item> items) {
    public static final String TOPIC = "throughline.updates";

    /** The type of the last message about a profile. */
    public static final String ERASED = "profile.erased";

    /**
     * The field of an {@link #ERASED} item that says which destinations are to hear of it, whatever
     * types they asked for: their internal ids. Not for receivers.
     */
    public static final String TOLD = "told";

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
