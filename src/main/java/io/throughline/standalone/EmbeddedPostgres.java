package io.throughline.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in a process of its own, on loopback, with a random password: any local user
 * may connect to a loopback port, and the owner of the database may run programs.
 *
 * <p>It lives in {@code postgres} below the data folder and outlives a kill -9 of this JVM; the
 * next start stops the one that was left and recovers. Thread-safe; {@link #close} may be called
 * twice.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String USER = "throughline";

    /** Recovery after a crash replays at most max_wal_size; give a slow disk time for it. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(120);

    /** How long the children of a killed postmaster may take to notice that they are orphans. */
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(15);

    /** A log bigger than this starts anew; it holds warnings and errors only. */
    private static final long LOG_LIMIT_BYTES = 16L << 20;

    private static final List<String> SETTINGS =
            List.of(
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "max_connections=200",
                    "shared_buffers=512MB",
                    "max_wal_size=2GB",
                    // Lanes and the outbox are rewritten all the time: dead rows must go soon, or
                    // every look at the index wades through them.
                    "autovacuum_naptime=5s",
                    "autovacuum_vacuum_cost_limit=2000",
                    "jit=off",
                    "timezone=UTC",
                    "log_timezone=UTC",
                    "log_checkpoints=off",
                    "shared_preload_libraries=pg_stat_statements");

    /** What a commit is worth. */
    public enum Durability {
        /** It survives the death of any process and of the machine. */
        KEEP("fsync=on", "synchronous_commit=on"),
        /** For tests: it survives the death of processes; after a power cut the data is waste. */
        THROW_AWAY("fsync=off", "full_page_writes=off");

        private final List<String> settings;

        Durability(String... settings) {
            this.settings = List.of(settings);
        }
    }

    private final PostgresPrograms programs;
    private final Path cluster;
    private final int port;
    private final String password;
    private boolean closed;

    private EmbeddedPostgres(PostgresPrograms programs, Path cluster, int port, String password) {
        this.programs = programs;
        this.cluster = cluster;
        this.port = port;
        this.password = password;
    }

    /**
     * Returns when the database answers. The caller holds the data folder: nobody else may start an
     * engine there.
     *
     * @throws RuntimeException with a sentence for whoever started the server
     */
    public static EmbeddedPostgres start(Path dataFolder, Durability durability) {
        return start(dataFolder, durability, Account.ofThisProcess());
    }

    static EmbeddedPostgres start(Path dataFolder, Durability durability, Account account) {
        Path cluster = dataFolder.resolve("postgres").toAbsolutePath().normalize();
        try {
            PostgresPrograms programs =
                    PostgresPrograms.unpack(
                            dataFolder.resolve("postgres-programs").toAbsolutePath().normalize(),
                            account);
            if (!Files.exists(cluster)) {
                NewCluster.create(programs, cluster, USER);
            }
            programs.account().own(cluster);
            LeftPostmaster.clear(programs, cluster);
            int port = launch(programs, cluster, durability);
            String password = NewCluster.password(cluster);
            EmbeddedPostgres postgres = new EmbeddedPostgres(programs, cluster, port, password);
            postgres.createDatabase();
            return postgres;
        } catch (IOException e) {
            throw new RefusedStart(
                    "The embedded PostgreSQL cannot use " + cluster + ": " + e,
                    "Check who owns the folder and whether the disk has room.",
                    e);
        }
    }

    /** For JDBC; holds no password. */
    public String url() {
        return url(USER);
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Ends open transactions and stops; the next start has nothing to recover. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Programs.Outcome outcome =
                programs.run(
                        "pg_ctl", "stop", "-D", cluster.toString(), "-m", "fast", "-w", "-t", "30");
        if (!outcome.succeeded()) {
            LOG.warn("PostgreSQL did not stop cleanly: {}", outcome.output().strip());
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable&gssEncMode=disable"
                .formatted(port, database);
    }

    /** The port that the postmaster listens on; it answers when this returns. */
    private static int launch(PostgresPrograms programs, Path cluster, Durability durability)
            throws IOException {
        Path log = cluster.resolve("server.log");
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.delete(log);
        }
        long deadline = System.nanoTime() + ORPHAN_PATIENCE.toNanos();
        while (true) {
            long logged = Files.exists(log) ? Files.size(log) : 0;
            int port = LoopbackPort.free();
            if (programs.run(
                            "pg_ctl",
                            "start",
                            "-D",
                            cluster.toString(),
                            "-l",
                            log.toString(),
                            "-w",
                            "-t",
                            String.valueOf(START_PATIENCE.toSeconds()),
                            "-o",
                            options(port, durability))
                    .succeeded()) {
                return port;
            }
            String reason = since(log, logged);
            if (!passes(reason) || System.nanoTime() > deadline) {
                throw new RefusedStart(
                        "The embedded PostgreSQL did not start: " + reason.strip(),
                        "Its log is " + log + ".");
            }
            pause();
        }
    }

    /** Trouble that ends by itself: orphans of a killed postmaster, a port taken meanwhile. */
    private static boolean passes(String reason) {
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("shared memory block")
                || text.contains("lock file")
                || text.contains("could not bind")
                || text.contains("could not create any tcp/ip sockets");
    }

    private static String options(int port, Durability durability) {
        StringBuilder options = new StringBuilder("-p ").append(port);
        for (List<String> settings : List.of(SETTINGS, durability.settings)) {
            settings.forEach(setting -> options.append(" -c ").append(setting));
        }
        return options.toString();
    }

    private static String since(Path log, long offset) throws IOException {
        if (!Files.exists(log)) {
            return "no word of it in " + log;
        }
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(offset, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    private void createDatabase() {
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, password);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT 1 FROM pg_database WHERE datname = '" + USER + "'")) {
            if (!found.next()) {
                try (Statement creation = connection.createStatement()) {
                    creation.execute("CREATE DATABASE " + USER);
                }
            }
        } catch (SQLException e) {
            close();
            throw new RefusedStart(
                    "The embedded PostgreSQL started but did not let the server in: "
                            + e.getMessage(),
                    "Its log is " + cluster.resolve("server.log") + ".",
                    e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(250));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PostgreSQL started", e);
        }
    }
}
