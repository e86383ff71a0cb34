package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.standalone.EmbeddedKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away under load: clients are told, nothing that was answered 200 is lost. */
class LogOutageIT {
    private static final int TRIES = 5;

    private static final int CLIENTS = 16;

    @TempDir private Path folder;

    @Test
    void answers503WhileTheBrokerIsAwayAndKeepsWhatItAccepted() throws Exception {
        ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
        EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        try (CollectServer server =
                CollectServer.start(
                        kafka.bootstrapServers(),
                        "--throughline.collect.log.ack-timeout=3s",
                        "--throughline.collect.log.stalled-after=500ms")) {
            List<HttpResponse<String>> refused = new ArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                List<Future<List<HttpResponse<String>>>> runs = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    runs.add(clients.submit(client(server, i, accepted, over)));
                }
                while (accepted.size() < 300) {
                    Thread.onSpinWait();
                }
                kafka.close();
                for (var run : runs) {
                    refused.addAll(run.get());
                }
            }
            assertThat(refused).hasSize(CLIENTS).allSatisfy(LogOutageIT::asksToComeAgain);
            refusesFurtherRequestsAtOnce(server);
            assertThat(server.bean(InFlight.class).held()).isZero();
        }
        try (EmbeddedKafka again = EmbeddedKafka.start(folder)) {
            assertThat(EventLog.read(again.bootstrapServers()).messageIds()).containsAll(accepted);
        }
    }

    /** Sends until it is refused for the first time, and returns that answer. */
    private static Callable<List<HttpResponse<String>>> client(
            CollectServer server,
            int number,
            ConcurrentLinkedQueue<String> accepted,
            AtomicBoolean over) {
        return () -> {
            for (int i = 0; !over.get(); i++) {
                String id = "c" + number + "-" + i;
                HttpResponse<String> answer =
                        server.post(
                                "/v1/batch",
                                """
                                {"batch":[{"type":"track","event":"e","anonymousId":"%1$s","messageId":"%1$s-a"},
                                          {"type":"page","anonymousId":"x%1$s","messageId":"%1$s-b"}]}\
                                """
                                        .formatted(id));
                if (answer.statusCode() != 200) {
                    return List.of(answer);
                }
                accepted.add(id + "-a");
                accepted.add(id + "-b");
            }
            return List.of();
        };
    }

    private static void asksToComeAgain(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(answer.body()).contains("urn:throughline:problem:log-unavailable");
    }

    /**
     * One request finds out that the broker is still away; those beside it need not wait. Measured
     * only beside a request that is still finding out: on a starved machine it may have ended
     * before, and the next one has to find out again.
     */
    private static void refusesFurtherRequestsAtOnce(CollectServer server) throws Exception {
        LogProgress progress = server.bean(LogProgress.class);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < TRIES; i++) {
                Future<HttpResponse<String>> probe = clients.submit(() -> send(server));
                while (!progress.isStalled() && !probe.isDone()) {
                    Thread.onSpinWait();
                }
                long start = System.nanoTime();
                asksToComeAgain(send(server));
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                boolean beside = !probe.isDone();
                asksToComeAgain(probe.get());
                if (beside) {
                    assertThat(took).isLessThan(Duration.ofSeconds(1));
                    return;
                }
            }
        }
        throw new AssertionError("no request was refused while another was finding out");
    }

    private static HttpResponse<String> send(CollectServer server) {
        return server.post("/v1/track", "{\"event\":\"e\",\"anonymousId\":\"later\"}");
    }
}
