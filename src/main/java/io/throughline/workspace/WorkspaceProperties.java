package io.throughline.workspace;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the directory of workspaces, sources and tokens is kept.
 *
 * @param refresh how often each instance asks the database whether the directory changed: a change
 *     or a revocation takes at most this long to be seen on other instances
 */
@ConfigurationProperties("throughline.workspace")
record WorkspaceProperties(@DefaultValue("500ms") Duration refresh) {
    WorkspaceProperties {
        if (refresh.toMillis() < 50 || refresh.toSeconds() > 60) {
            throw new IllegalArgumentException(
                    "throughline.workspace.refresh must be between 50ms and 60s, not " + refresh);
        }
    }
}
