package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A website, an app or a server that sends events.
 *
 * @param id the key in tables and on topics; unique over all workspaces, never reused
 * @param publicId the id clients see, {@code src_…}
 * @param trusted a server-side source: its events open no session, its aliases are class 0
 * @param currency ISO 4217; of amounts that name none
 * @param eventsPerSecond the rate above which it is asked to wait; null for no limit
 * @param allowedOrigins browser origins that may send; empty for any
 */
public record Source(
        long id,
        WorkspaceId workspace,
        String publicId,
        String name,
        boolean trusted,
        String currency,
        @Nullable Integer eventsPerSecond,
        List<String> allowedOrigins) {
    static final String DEFAULT_CURRENCY = "USD";

    public Source {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
