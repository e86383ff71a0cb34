package io.throughline.debug;

import io.throughline.debug.Arrival.Verdict;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;

/**
 * Those who watch on this instance, and the one reader of the log that serves them all: it begins
 * with the first and ends with the last. Thread-safe.
 *
 * <p>Stops before the web server, which waits for its requests to end.
 */
@Component
class Watchers implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final LiveProperties limits;
    private final Sources sources;
    private final DebugMetrics metrics;
    private final ConsumerFactory<?, ?> connection;
    private final List<Watcher> all = new CopyOnWriteArrayList<>();
    private @Nullable LogTail tail;
    private volatile boolean running;

    Watchers(
            LiveProperties limits,
            Sources sources,
            DebugMetrics metrics,
            ConsumerFactory<?, ?> connection) {
        this.limits = limits;
        this.sources = sources;
        this.metrics = metrics;
        this.connection = connection;
    }

    /**
     * From its return on, whatever arrives is offered. Waits for the broker to say where the log
     * ends. Whoever opens one closes it.
     *
     * @throws ProblemException too-many-watchers; unavailable when the broker does not answer
     */
    Watcher open(WorkspaceId workspace, LiveFilter filter) {
        Watcher watcher = new Watcher(workspace, filter, limits, metrics);
        LogTail reading = admit(watcher);
        try {
            reading.positioned().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return watcher;
        } catch (ExecutionException | TimeoutException e) {
            close(watcher);
            throw unavailable("The log does not answer; try again soon.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(watcher);
            throw unavailable("The server stops.");
        }
    }

    private synchronized LogTail admit(Watcher watcher) {
        if (!running) {
            throw unavailable("The server is starting or stopping.");
        }
        long neighbours = count(watcher.workspace());
        if (all.size() >= limits.watchers() || neighbours >= limits.watchersPerWorkspace()) {
            throw ProblemException.retryLater(
                    DebugProblems.TOO_MANY_WATCHERS,
                    "An instance serves %d at the same time, %d of one workspace; close one."
                            .formatted(limits.watchers(), limits.watchersPerWorkspace()),
                    RETRY_AFTER);
        }
        LogTail reading = tail;
        if (reading == null) {
            reading =
                    LogTail.start(
                            connection.getConfigurationProperties(), this, limits.readPerSecond());
            tail = reading;
        }
        all.add(watcher);
        metrics.watchers(all.size());
        return reading;
    }

    private static ProblemException unavailable(String detail) {
        return ProblemException.retryLater(WebProblems.UNAVAILABLE, detail, RETRY_AFTER);
    }

    private long count(WorkspaceId workspace) {
        return all.stream().filter(one -> one.workspace().equals(workspace)).count();
    }

    synchronized void close(Watcher watcher) {
        all.remove(watcher);
        metrics.watchers(all.size());
        LogTail reading = tail;
        if (all.isEmpty() && reading != null) {
            reading.stop();
            tail = null;
        }
    }

    /** Whether the log is being read, which it is only for somebody. */
    synchronized boolean isReading() {
        return tail != null;
    }

    boolean isWatched(WorkspaceId workspace) {
        for (Watcher watcher : all) {
            if (watcher.workspace().equals(workspace)) {
                return true;
            }
        }
        return false;
    }

    /** Rendered once for all who watch for it, and not at all for nobody. */
    void arrived(Arrival arrival) {
        long now = System.nanoTime();
        byte[] message = null;
        for (Watcher watcher : all) {
            if (watcher.workspace().equals(arrival.workspace())
                    && watcher.filter().matches(arrival)
                    && watcher.hasRoom(now)) {
                if (message == null) {
                    message = LiveMessages.of(arrival, source(arrival));
                }
                watcher.offer(message);
            }
        }
    }

    private String source(Arrival arrival) {
        return sources.byId(arrival.sourceId()).map(Source::publicId).orElse("");
    }

    /** So many were not looked at: at most so many of those that this workspace watches for. */
    void missed(WorkspaceId workspace, Verdict verdict, long count) {
        for (Watcher watcher : all) {
            if (watcher.workspace().equals(workspace) && watcher.filter().asksFor(verdict)) {
                watcher.missed(count);
            }
        }
    }

    /** The same, of whatever workspace and verdict. */
    void missed(long count) {
        all.forEach(watcher -> watcher.missed(count));
    }

    /** The reader failed: whoever watched learns it, whoever comes next begins anew. */
    synchronized void failed(LogTail reader, RuntimeException failure) {
        if (reader == tail) {
            LOG.warn("Live events end: the log cannot be read: {}", failure.toString());
            tail = null;
            all.forEach(watcher -> watcher.end("log-unavailable"));
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public synchronized void stop() {
        running = false;
        all.forEach(watcher -> watcher.end("shutdown"));
        LogTail reading = tail;
        if (reading != null) {
            reading.stop();
            tail = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
