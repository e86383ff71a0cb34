package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The directory in memory, whole: reading it is one volatile read, on whatever thread. A thread of
 * its own asks every {@code throughline.workspace.refresh} whether the database holds a newer one;
 * while the database is down the last one stays. Whole rather than a cache of entries, because then
 * an unknown key costs no query and no memory, a key nobody used for an hour still works when the
 * database is down, and no request ever waits for a load.
 */
class LiveDirectory implements Supplier<Directory>, InitializingBean, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LiveDirectory.class);

    private final Bootstrap bootstrap;
    private final WorkspaceRows workspaces;
    private final SourceRows sources;
    private final TokenRows tokens;
    private final TokenUse use;
    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;
    private final Duration refresh;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile Directory directory = Directory.EMPTY;
    private volatile Instant checkedAt;
    private volatile boolean failing;
    private volatile @Nullable ScheduledExecutorService thread;

    LiveDirectory(
            Bootstrap bootstrap,
            WorkspaceRows workspaces,
            SourceRows sources,
            TokenRows tokens,
            TokenUse use,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Duration refresh,
            Clock clock) {
        this.bootstrap = bootstrap;
        this.workspaces = workspaces;
        this.sources = sources;
        this.tokens = tokens;
        this.use = use;
        this.jdbc = jdbc;
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
        this.refresh = refresh;
        this.clock = clock;
        this.checkedAt = clock.instant();
    }

    @Override
    public Directory get() {
        return directory;
    }

    /** Whoever gets this bean gets it filled. */
    @Override
    public void afterPropertiesSet() {
        bootstrap.apply();
        refresh();
    }

    /** Loads what is committed now, if it is newer. */
    void refresh() {
        loading.lock();
        try {
            if (revision() != directory.revision()) {
                directory = snapshot.execute(status -> load());
            }
            checkedAt = clock.instant();
        } finally {
            loading.unlock();
        }
    }

    /** After a commit: a failure is no failure of the change, which is seen a little later then. */
    void seeNow() {
        try {
            refresh();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A change is committed but not yet seen here: {}", e.toString());
        }
    }

    /** How long ago the database last said that this is the newest. */
    Duration age() {
        return Duration.between(checkedAt, clock.instant());
    }

    private long revision() {
        return jdbc.sql("SELECT revision FROM workspace_revision").query(Long.class).single();
    }

    private Directory load() {
        long revision = revision();
        Map<String, Workspace> byPublicId = new HashMap<>();
        Map<WorkspaceId, Integer> identityVersions = new HashMap<>();
        for (WorkspaceRow row : workspaces.findAll()) {
            Workspace workspace = row.workspace();
            byPublicId.put(workspace.publicId(), workspace);
            identityVersions.put(workspace.id(), row.identityVersion());
        }
        Map<String, Source> byWriteKey = new HashMap<>();
        Map<Long, Source> byId = new HashMap<>();
        for (SourceRow row : sources.findAll()) {
            Source source = row.source();
            byId.put(source.id(), source);
            if (row.live()) {
                byWriteKey.put(row.writeKey(), source);
            }
        }
        Map<String, Token> byHash = new HashMap<>();
        for (TokenRow row : tokens.findByRevokedAtIsNull()) {
            byHash.put(row.sha256(), row.token());
        }
        return new Directory(
                revision,
                Map.copyOf(byPublicId),
                Map.copyOf(identityVersions),
                Map.copyOf(byWriteKey),
                Map.copyOf(byId),
                Map.copyOf(byHash));
    }

    private void poll() {
        try {
            refresh();
            use.flush();
            if (failing) {
                failing = false;
                LOG.info("The directory of workspaces, sources and tokens is up to date again");
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "Cannot refresh the directory of workspaces, sources and tokens; the one of"
                                + " before stays in use: {}",
                        e.toString());
            }
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("workspace-directory").factory());
        started.scheduleWithFixedDelay(
                this::poll, refresh.toMillis(), refresh.toMillis(), TimeUnit.MILLISECONDS);
        thread = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = thread;
        if (running != null) {
            running.shutdownNow();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
