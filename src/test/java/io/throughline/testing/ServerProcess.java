package io.throughline.testing;

import io.throughline.testing.TestEngines.Database;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole server as a child process, started the way a user starts it: {@code main} of the
 * compiled classes, no test code on its class path, nothing inherited from the environment that
 * would configure it. Can be killed as hard as a machine kills.
 */
public final class ServerProcess implements AutoCloseable {
    private final Launch launch;
    private final Process process;
    private final Path output;

    private ServerProcess(Launch launch, Process process, Path output) {
        this.launch = launch;
        this.process = process;
        this.output = output;
    }

    /** How to start one; starting again from the same launch keeps ports and data folder. */
    public static final class Launch {
        private final Path folder;
        private final int port = freePort();
        private final int managementPort = freePort();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<String> jvmArguments =
                new ArrayList<>(
                        List.of(
                                "-XX:+UseSerialGC",
                                "-Xmx768m",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED"));

        private Launch(Path folder) {
            this.folder = folder;
        }

        /** A variable of the server's environment. */
        public Launch env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** A command line argument, for instance {@code --throughline.roles=collect}. */
        public Launch argument(String argument) {
            arguments.add(argument);
            return this;
        }

        /** The JVM's own arguments in place of those made for a quick start. */
        public Launch jvm(String... replacement) {
            jvmArguments.clear();
            jvmArguments.addAll(List.of(replacement));
            return this;
        }

        /** Where embedded engines keep their data. */
        public Path dataFolder() {
            return folder.resolve("data");
        }

        /** Returns at once; see {@link ServerProcess#awaitReady}. */
        public ServerProcess start() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmArguments);
            command.addAll(List.of("-cp", mainClassPath(), "io.throughline.Throughline"));
            command.add("--server.port=" + port);
            command.add("--management.server.port=" + managementPort);
            command.addAll(arguments);
            try {
                Path output = Files.createTempFile(folder, "server-", ".log");
                ProcessBuilder builder =
                        new ProcessBuilder(command)
                                .directory(folder.toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile());
                builder.environment()
                        .keySet()
                        .removeIf(name ->
                                name.startsWith("SPRING_")
                                        || name.startsWith("THROUGHLINE_")
                                        || name.startsWith("SERVER_"));
                builder.environment().putAll(environment);
                return new ServerProcess(this, builder.start(), output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A server that works in {@code folder}; its data is in {@code folder/data}. */
    public static Launch in(Path folder) {
        return new Launch(folder);
    }

    /** Base of the public and the management API, without a slash at the end. */
    public URI api() {
        return URI.create("http://127.0.0.1:" + launch.port);
    }

    /** Base of health and metrics, without a slash at the end. */
    public URI management() {
        return URI.create("http://127.0.0.1:" + launch.managementPort);
    }

    /** Everything it has printed. */
    public String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Returns itself when readiness answers 200; fails with the log's tail when it never does. */
    public ServerProcess awaitReady() {
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new AssertionError("The server ended while starting:\n" + tail());
            }
            if (status("/actuator/health/readiness") == 200) {
                return this;
            }
            waitFor(Duration.ofMillis(100));
        }
        throw new AssertionError("The server was not ready after four minutes:\n" + tail());
    }

    /** The exit status; fails when it is still running after {@code patience}. */
    public int awaitExit(Duration patience) {
        if (!waitFor(patience)) {
            throw new AssertionError("The server was still running:\n" + tail());
        }
        return process.exitValue();
    }

    /** Status of a GET on the management port, -1 where nothing answers. */
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** A GET on the management port. */
    public HttpResponse<String> get(String path) throws IOException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            return client.send(
                    HttpRequest.newBuilder(management().resolve(path))
                            .timeout(Duration.ofSeconds(15))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A meter without labels, as Prometheus reads it; NaN where nothing answers. */
    public double meter(String name) {
        try {
            return get("/actuator/prometheus")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The embedded database, as the server itself is connected to it. */
    public Database database() {
        try {
            Path cluster = launch.dataFolder().resolve("postgres");
            String port = Files.readAllLines(cluster.resolve("postmaster.pid")).get(3).strip();
            return new Database(
                    "jdbc:postgresql://127.0.0.1:" + port + "/throughline",
                    "throughline",
                    Files.readString(cluster.resolve("throughline.password")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bootstrap servers of the embedded broker; only once the server is ready. */
    public String kafkaBootstrap() {
        Matcher line = Pattern.compile("(?m)^ +Kafka +(\\S+:\\d+)$").matcher(log());
        if (!line.find()) {
            throw new AssertionError("No embedded broker in the greeting:\n" + tail());
        }
        return line.group(1);
    }

    /** kill -9 of the JVM; an embedded PostgreSQL stays behind, running. */
    public void killHard() {
        process.destroyForcibly();
        waitFor(Duration.ofSeconds(10));
    }

    /** kill -9 of the JVM and of every process of its embedded PostgreSQL, as a power cut would. */
    public void killEverything() {
        List<ProcessHandle> postgres = postgresProcesses();
        killHard();
        postgres.forEach(ProcessHandle::destroyForcibly);
        postgres.forEach(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    /** SIGTERM, and the end of it. */
    public int stop() {
        process.destroy();
        return awaitExit(Duration.ofSeconds(60));
    }

    /** Leaves no process behind, whatever the test did. */
    @Override
    public void close() {
        killEverything();
    }

    private List<ProcessHandle> postgresProcesses() {
        Path file = launch.dataFolder().resolve("postgres").resolve("postmaster.pid");
        try {
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    .filter(this::isPostmaster)
                    .map(master -> Stream.concat(Stream.of(master), master.descendants()).toList())
                    .orElse(List.of());
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean isPostmaster(ProcessHandle handle) {
        return handle.info()
                .arguments()
                .map(Arrays::asList)
                .orElse(List.of())
                .contains(launch.dataFolder().resolve("postgres").toString());
    }

    private boolean waitFor(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String tail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    private static String mainClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * A free port below those of the embedded engines, one of which would sit on this port before
     * the server binds it, and below those of outgoing connections.
     */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // somebody has it: another one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
