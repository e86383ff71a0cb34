package io.throughline.standalone;

import io.throughline.standalone.EmbeddedPostgres.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded engines of this process, started side by side on threads of their own while the
 * application context takes shape. Whoever needs one waits for it, and gets its failure.
 */
final class RunningEngines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningEngines.class);

    private final DataFolder folder;
    private final @Nullable CompletableFuture<Started<EmbeddedPostgres>> postgres;
    private final @Nullable CompletableFuture<Started<EmbeddedKafka>> kafka;
    private boolean closed;

    /** An engine and how long it took to answer. */
    record Started<T extends AutoCloseable>(T engine, Duration took) {}

    private RunningEngines(StartPlan plan, DataFolder folder) {
        this.folder = folder;
        Path path = folder.path();
        this.postgres =
                plan.embedsPostgres()
                        ? start(
                                "embedded-postgres-start",
                                () -> EmbeddedPostgres.start(path, Durability.KEEP))
                        : null;
        this.kafka =
                plan.embedsKafka()
                        ? start(
                                "embedded-kafka-start",
                                () -> EmbeddedKafka.start(path.resolve("kafka")))
                        : null;
    }

    /**
     * Returns at once.
     *
     * @throws RefusedStart another process holds the data folder
     */
    static RunningEngines start(StartPlan plan) {
        return new RunningEngines(plan, DataFolder.hold(plan.dataFolder()));
    }

    Path dataFolder() {
        return folder.path();
    }

    boolean embedsPostgres() {
        return postgres != null;
    }

    boolean embedsKafka() {
        return kafka != null;
    }

    /** Waits for it; never called where the database is the user's own. */
    Started<EmbeddedPostgres> postgres() {
        return await(postgres);
    }

    /** Waits for it; never called where the broker is the user's own. */
    Started<EmbeddedKafka> kafka() {
        return await(kafka);
    }

    /** Stops what runs, one that is still starting too; after this the folder is free. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        CompletableFuture<Void> broker =
                CompletableFuture.runAsync(() -> stop(kafka), task -> thread("kafka-stop", task));
        stop(postgres);
        broker.join();
        try {
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T extends AutoCloseable> CompletableFuture<Started<T>> start(
            String name, Supplier<T> starting) {
        long from = System.nanoTime();
        return CompletableFuture.supplyAsync(
                () -> {
                    T engine = starting.get();
                    return new Started<>(engine, Duration.ofNanos(System.nanoTime() - from));
                },
                task -> thread(name, task));
    }

    private static void thread(String name, Runnable task) {
        Thread.ofPlatform().name(name).daemon().start(task);
    }

    private static <T extends AutoCloseable> Started<T> await(
            @Nullable CompletableFuture<Started<T>> engine) {
        try {
            return Objects.requireNonNull(engine, "this engine is not embedded").join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedStart refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private static <T extends AutoCloseable> void stop(
            @Nullable CompletableFuture<Started<T>> engine) {
        if (engine == null) {
            return;
        }
        try {
            engine.join().engine().close();
        } catch (CompletionException e) {
            LOG.debug("An engine that never started needs no stop", e);
        } catch (Exception e) {
            LOG.warn("An embedded engine did not stop cleanly", e);
        }
    }
}
