package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders the webhook {@code data} of owed messages, many at a time. */
@Component
public class ProfileItems {
    /** One owed message, by its identity. */
    public record Owed(
            WorkspaceId workspace, long profile, long version, ProfileUpdate.Item item) {}

    /**
     * The {@code data} of each message, in the order given: always {@code profileId} and {@code
     * version}; {@code profile.*} also the profile document's fields. The document is the newest;
     * for {@code profile.updated} so is {@code version}, at least the one asked for, for every
     * other type {@code version} is the message's own.
     */
    public List<ObjectNode> render(List<Owed> owed) {
        return owed.stream()
                .map(one -> {
                    ObjectNode data = JsonNodeFactory.instance.objectNode();
                    data.put("profileId", Long.toString(one.profile()));
                    data.put("version", one.version());
                    return data.setAll(one.item().data());
                })
                .toList();
    }
}
