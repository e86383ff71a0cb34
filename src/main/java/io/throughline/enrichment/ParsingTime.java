package io.throughline.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.throughline.event.WorkspaceId;
import java.time.Duration;

/**
 * How long user agents may be parsed: each workspace has a fifth of a thread's time and savings of
 * five seconds, enough for the few thousand user agents a large site meets after a start. Whoever
 * invents a new one for each event uses up its own workspace's. Thread-safe.
 */
final class ParsingTime {
    static final long SAVINGS = Duration.ofSeconds(5).toNanos();
    static final int SHARE = 5;

    private static final int MAX_WORKSPACES = 10_000;

    private final Cache<WorkspaceId, Account> accounts =
            Caffeine.newBuilder().maximumSize(MAX_WORKSPACES).build();

    private static final class Account {
        private long left = SAVINGS;
        private long at;

        private Account(long now) {
            this.at = now;
        }

        private synchronized boolean isOpen(long now) {
            left = Math.min(SAVINGS, left + Math.max(0, now - at) / SHARE);
            at = now;
            return left > 0;
        }

        private synchronized void spend(long nanos) {
            left -= nanos;
        }
    }

    /**
     * @param now as {@link System#nanoTime} counts
     */
    boolean isLeft(WorkspaceId workspace, long now) {
        return accounts.get(workspace, id -> new Account(now)).isOpen(now);
    }

    void spend(WorkspaceId workspace, long now, long nanos) {
        accounts.get(workspace, id -> new Account(now)).spend(nanos);
    }
}
