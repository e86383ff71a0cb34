package io.throughline.collect;

import io.throughline.collect.Verdict.Accepted;
import io.throughline.collect.Verdict.Refused;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a request once its body is there, whatever way it came: read, judged, held
 * against its source's rate, written to the log. Blocks until the log has it. Thread-safe.
 */
final class Reception {
    private final Sources sources;
    private final BodyParser parser;
    private final Intake intake;
    private final RateLimits rates;
    private final EventPublisher publisher;
    private final CollectMetrics metrics;
    private final CollectProperties limits;
    private final Clock clock;

    Reception(
            Sources sources,
            Intake intake,
            RateLimits rates,
            EventPublisher publisher,
            CollectMetrics metrics,
            CollectProperties limits,
            Clock clock) {
        this.sources = sources;
        this.parser = new BodyParser(limits);
        this.intake = intake;
        this.rates = rates;
        this.publisher = publisher;
        this.metrics = metrics;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * A request, read to its end.
     *
     * @param source of the key outside the body; null where there is none, then the body has it
     */
    record Call(Route route, @Nullable Source source, Caller caller, byte[] body) {}

    /**
     * The source with this key.
     *
     * @throws ProblemException unknown-write-key, for null too
     */
    Source source(@Nullable String writeKey) {
        if (writeKey == null) {
            throw new ProblemException(
                    CollectProblems.UNKNOWN_WRITE_KEY,
                    "Send the write key as Basic user name, X-Write-Key, ?writeKey= or in the body");
        }
        return sources.byWriteKey(writeKey)
                .orElseThrow(() ->
                        new ProblemException(
                                CollectProblems.UNKNOWN_WRITE_KEY, "No source has this write key"));
    }

    /**
     * The verdicts, in the order of the events, once every accepted one is in the log.
     *
     * @param tell hears where the source stands with its rate, also when that is over
     * @throws ProblemException when the request as a whole cannot be accepted
     */
    List<Verdict> receive(Call call, Consumer<RateLimits.Standing> tell) {
        metrics.received(call.body().length);
        TrackingBody parsed = parser.parse(call.route(), call.body());
        Source source = call.source() != null ? call.source() : source(parsed.writeKey());
        Cors.check(source, call.caller().origin());
        admit(source, parsed.items().size(), tell);
        List<Verdict> verdicts =
                intake.judge(source, call.route(), parsed, call.caller(), clock.instant());
        publish(verdicts);
        return verdicts;
    }

    private void admit(Source source, int events, Consumer<RateLimits.Standing> tell) {
        RateLimits.Standing standing = rates.take(source, events);
        tell.accept(standing);
        if (!standing.isLetIn()) {
            metrics.limited(events);
            throw ProblemException.retryLater(
                    CollectProblems.RATE_LIMITED,
                    "This source may send " + standing.rate() + " events a second",
                    standing.delay());
        }
    }

    private void publish(List<Verdict> verdicts) {
        List<Accepted> accepted = new ArrayList<>(verdicts.size());
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Accepted event -> accepted.add(event);
                case Refused event -> metrics.refused(event.reason());
            }
        }
        Publication publication = publisher.publish(accepted);
        if (publication != Publication.DURABLE) {
            metrics.failed(publication, accepted.size());
            throw ProblemException.retryLater(
                    CollectProblems.LOG_UNAVAILABLE,
                    "Send the same request again, with the same messageIds",
                    limits.retryAfter());
        }
        for (Accepted event : accepted) {
            metrics.accepted(event.event().type());
        }
    }
}
