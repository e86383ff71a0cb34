package io.throughline.activation;

import io.throughline.activation.delivery.Receivers;
import io.throughline.event.WorkspaceId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Destinations that lead back to this server: whoever wants to receive here, through the same path,
 * signature and retries as everybody else. Their secrets stay in this module.
 */
@Component
public class OwnReceivers {
    private static final int PAGE = 200;

    private final Destinations destinations;
    private final Receivers receivers;

    OwnReceivers(Destinations destinations, Receivers receivers) {
        this.destinations = destinations;
        this.receivers = receivers;
    }

    /**
     * Creates the destination, or points the one of an earlier start to where the server listens
     * now; its status stays what people have made it. Known again by its name and the path of a
     * loopback URL: one that somebody else made under this name is left alone.
     *
     * @param url of this server, on loopback
     * @throws io.throughline.platform.web.ProblemException the address or the port is forbidden
     */
    public OwnReceiver register(WorkspaceId workspace, String name, URI url, List<String> types) {
        Optional<DestinationRow> known = row(workspace, name, url.getPath());
        if (known.isEmpty()) {
            DestinationShape shape = DestinationShape.of(name, url.toString(), types);
            return receiver(destinations.create(workspace, shape).row());
        }
        DestinationRow row = known.get();
        if (!row.shape().url().equals(url.toString())) {
            destinations.change(
                    workspace,
                    row.publicId(),
                    JsonNodeFactory.instance.objectNode().put("url", url.toString()));
        }
        return receiver(row);
    }

    /** The one that {@link #register} has made, in this process or an earlier one. */
    public Optional<OwnReceiver> find(WorkspaceId workspace, String name, String path) {
        return row(workspace, name, path).map(this::receiver);
    }

    private OwnReceiver receiver(DestinationRow row) {
        return new OwnReceiver(row.id(), row.publicId(), receivers);
    }

    private Optional<DestinationRow> row(WorkspaceId workspace, String name, String path) {
        List<DestinationRow> page = destinations.after(workspace, 0, PAGE);
        while (!page.isEmpty()) {
            for (DestinationRow row : page) {
                if (row.shape().name().equals(name) && isOwn(row.shape().url(), path)) {
                    return Optional.of(row);
                }
            }
            page = destinations.after(workspace, page.getLast().id(), PAGE);
        }
        return Optional.empty();
    }

    private static boolean isOwn(String text, String path) {
        URI url = URI.create(text.strip());
        String host = url.getHost();
        return path.equals(url.getPath())
                && (host.startsWith("127.") || host.equals("localhost") || host.equals("[::1]"));
    }
}
