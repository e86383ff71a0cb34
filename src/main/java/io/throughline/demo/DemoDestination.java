package io.throughline.demo;

import io.throughline.activation.OwnReceiver;
import io.throughline.activation.OwnReceivers;
import io.throughline.workspace.Workspace;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The destination "Demo shop": made with the first visitor of a process, known again at the next
 * start. Deleted by somebody, it stays so until then. Thread-safe.
 */
final class DemoDestination {
    static final String NAME = "Demo shop";
    static final String PATH = "/demo/webhooks";
    private static final List<String> TYPES =
            List.of("profile.updated", "profile.merged", "order.recorded");

    private final OwnReceivers receivers;
    private volatile @Nullable OwnReceiver receiver;
    private volatile boolean registered;
    private volatile boolean searched;

    DemoDestination(OwnReceivers receivers) {
        this.receivers = receivers;
    }

    /**
     * @param host of this server, an IPv6 address in brackets
     * @throws io.throughline.platform.web.ProblemException webhooks may not go to loopback here
     */
    void register(String host, int port) {
        if (registered) {
            return;
        }
        synchronized (this) {
            if (!registered) {
                URI url = URI.create("http://" + host + ":" + port + PATH);
                receiver = receivers.register(Workspace.DEFAULT, NAME, url, TYPES);
                registered = true;
            }
        }
    }

    /**
     * What was owed before a restart arrives before a visitor comes: looks once for the destination
     * of an earlier start, and creates nothing.
     */
    Optional<OwnReceiver> receiver() {
        if (receiver == null && !searched) {
            synchronized (this) {
                if (receiver == null && !searched) {
                    receiver = receivers.find(Workspace.DEFAULT, NAME, PATH).orElse(null);
                    searched = true;
                }
            }
        }
        return Optional.ofNullable(receiver);
    }
}
