package io.throughline.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The server as its users start it: one Java process, both engines embedded, default settings. */
final class Server implements AutoCloseable {
    static final String TOKEN = "throughline-development-admin-token";
    static final String WRITE_KEY = "cthroughline0development0";

    private static final Duration START = Duration.ofMinutes(2);

    private final Path folder;
    private final Process process;
    private final int port;
    private final int managementPort;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Server(Path folder, Process process, int port, int managementPort) {
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** Returns when it is ready to serve. */
    static Server start(Options options) throws IOException, InterruptedException {
        Path folder = options.folder();
        delete(folder);
        Files.createDirectories(folder);
        int port = freePort();
        int managementPort = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options.jvm());
        command.addAll(List.of("-jar", jar(options.library()).toAbsolutePath().toString()));
        command.addAll(
                List.of("--server.port=" + port, "--management.server.port=" + managementPort));
        command.addAll(options.server());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("server.log").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SPRING_") || name.startsWith("THROUGHLINE_"));
        Server server = new Server(folder, builder.start(), port, managementPort);
        try {
            server.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static Path jar(Path library) throws IOException {
        try (Stream<Path> files = Files.list(library)) {
            return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (get(management("/actuator/health/readiness")).statusCode() == 200
                        && log().contains("Ready in")) {
                    return;
                }
            } catch (IOException e) {
                // not listening yet
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IOException("The server did not start:\n" + log());
    }

    URI api(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    URI management(String path) {
        return URI.create("http://127.0.0.1:" + managementPort + path);
    }

    HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + TOKEN)
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(URI uri, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** One event of a visitor. */
    void track(String anonymousId) throws IOException, InterruptedException {
        String body =
                "{\"writeKey\":\"%s\",\"anonymousId\":\"%s\",\"event\":\"Product Viewed\"}"
                        .formatted(WRITE_KEY, anonymousId);
        HttpResponse<String> answer = post(api("/v1/track"), body);
        if (answer.statusCode() != 200) {
            throw new IOException("An event was refused: " + answer.body());
        }
    }

    Meters meters() throws IOException, InterruptedException {
        return Meters.parse(get(management("/actuator/prometheus")).body());
    }

    /**
     * {@link Meters#resolved} alone: whole readings, five a second, cost 7 % of the server's CPU.
     */
    long resolved() throws IOException, InterruptedException {
        String names =
                Meters.RESOLVED.stream()
                        .map(name -> name.replaceFirst("_total$", ""))
                        .collect(Collectors.joining("&includedNames="));
        return Meters.parse(get(management("/actuator/prometheus?includedNames=" + names)).body())
                .resolved();
    }

    /** Bootstrap servers of its broker, from its greeting. */
    String kafka() throws IOException {
        Matcher line = Pattern.compile("(?m)^ +Kafka +(\\S+:\\d+)$").matcher(log());
        if (!line.find()) {
            throw new IOException("No broker in the greeting:\n" + log());
        }
        return line.group(1);
    }

    /** JDBC URL of its database, with user and password. */
    String postgres() throws IOException {
        Path cluster = folder.resolve("data/postgres");
        return "jdbc:postgresql://127.0.0.1:"
                + Files.readAllLines(cluster.resolve("postmaster.pid")).get(3).strip()
                + "/throughline?user=throughline&password="
                + Files.readString(cluster.resolve("throughline.password")).strip();
    }

    /** CPU time so far of the JVM with the broker in it. */
    Duration jvmCpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** CPU time so far of PostgreSQL: every backend that still lives. */
    Duration postgresCpu() throws IOException {
        return postmaster()
                .map(master ->
                        Stream.concat(Stream.of(master), master.descendants())
                                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                                .reduce(Duration.ZERO, Duration::plus))
                .orElse(Duration.ZERO);
    }

    String readyLine() throws IOException {
        return log().lines().filter(line -> line.contains("Ready in")).findFirst().orElse("");
    }

    @Override
    public void close() throws IOException {
        var database = postmaster();
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        database.ifPresent(ProcessHandle::destroy);
        http.close();
    }

    private java.util.Optional<ProcessHandle> postmaster() throws IOException {
        Path file = folder.resolve("data/postgres/postmaster.pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                : java.util.Optional.empty();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("server.log"));
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
