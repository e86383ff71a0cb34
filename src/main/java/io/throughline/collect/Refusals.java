package io.throughline.collect;

import io.throughline.collect.RefusalNotice.Missed;
import io.throughline.collect.RefusalNotice.OfEvent;
import io.throughline.collect.RefusalNotice.OfRequest;
import io.throughline.collect.Verdict.Refused;
import io.throughline.event.Excerpt;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.time.Pace;
import io.throughline.platform.web.Problem;
import io.throughline.workspace.Source;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells whoever watches what was refused and why, as far as that costs nobody anything: a call
 * copies a few kilobytes at most, never waits and never fails, and what is too much or cannot be
 * sent is counted instead. A thread of its own sends; the counts follow once a second. Thread-safe.
 */
class Refusals implements InitializingBean, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** As many as a person can follow, with room for several who watch for different things. */
    static final int PER_SECOND_AND_WORKSPACE = 100;

    private static final int PER_SECOND = 500;
    private static final int WAITING = 500;
    private static final int EXCERPT = 4_096;
    private static final int LONGEST_DETAIL = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Producer<String, byte[]> producer;
    private final CollectMetrics metrics;
    private final Clock clock;
    private final BlockingQueue<RefusalNotice> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Map<WorkspaceId, Share> shares = new ConcurrentHashMap<>();
    private final Pace pace = new Pace(PER_SECOND);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("refusals").unstarted(this::run);
    private volatile boolean running = true;

    /** What one workspace may have told, so that a flood in one does not silence another. */
    private record Share(Pace pace, AtomicLong missed) {
        Share() {
            this(new Pace(PER_SECOND_AND_WORKSPACE), new AtomicLong());
        }
    }

    /**
     * @param producer closed with this
     */
    Refusals(Producer<String, byte[]> producer, CollectMetrics metrics, Clock clock) {
        this.producer = producer;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** A request of this source was answered with the problem. */
    void request(Source source, Problem problem, String detail) {
        if (mayTell(source.workspace())) {
            tell(
                    new OfRequest(
                            source.workspace(),
                            source.id(),
                            clock.instant(),
                            problem.slug(),
                            detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL))));
        }
    }

    /** An event of this body was refused. */
    void event(Source source, Route route, TrackingBody body, Refused refused) {
        if (mayTell(source.workspace())) {
            Excerpt excerpt = new Excerpt(EXCERPT);
            ObjectNode shown =
                    switch (body.items().get(refused.index())) {
                        case TrackingBody.Item.Parsed(ObjectNode json, int _) -> excerpt.of(json);
                        case TrackingBody.Item.Unreadable _ ->
                                JsonNodeFactory.instance.objectNode();
                    };
            shown.remove("writeKey");
            if (route instanceof Route.Single(var type)) {
                shown.put("type", type.wireName());
            }
            tell(
                    new OfEvent(
                            source.workspace(),
                            source.id(),
                            clock.instant(),
                            refused.reason().word(),
                            refused.index(),
                            shown,
                            excerpt.isCut()));
        }
    }

    private boolean mayTell(WorkspaceId workspace) {
        long now = System.nanoTime();
        boolean may = share(workspace).pace().allows(now) && pace.allows(now);
        if (!may) {
            missed(workspace);
        }
        return may;
    }

    private void tell(RefusalNotice notice) {
        if (!waiting.offer(notice)) {
            missed(notice.workspace());
        }
    }

    private void missed(WorkspaceId workspace) {
        share(workspace).missed().incrementAndGet();
        metrics.untold();
    }

    private Share share(WorkspaceId workspace) {
        return shares.computeIfAbsent(workspace, _ -> new Share());
    }

    @Override
    public void afterPropertiesSet() {
        thread.start();
    }

    private void run() {
        long counted = System.nanoTime();
        while (running) {
            try {
                RefusalNotice notice = waiting.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (notice != null) {
                    send(notice);
                }
                if (System.nanoTime() - counted >= PATIENCE.toNanos()) {
                    counted = System.nanoTime();
                    sendCounts();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void sendCounts() {
        shares.forEach((workspace, share) -> {
            long missed = share.missed().getAndSet(0);
            if (missed > 0) {
                send(new Missed(workspace, missed));
            }
        });
    }

    /** What the broker does not take is lost, its count too: nobody can watch without it. */
    private void send(RefusalNotice notice) {
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    RefusalNotice.TOPIC,
                                    notice.key(),
                                    RefusalNotice.encode(notice)));
        } catch (RuntimeException e) {
            LOG.debug("A refusal could not be told", e);
        }
    }

    @Override
    public void destroy() {
        running = false;
        thread.interrupt();
        producer.close(PATIENCE);
    }
}
