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
 * What happens to a request once its body is there, whatever way it came: parsed, held against its
 * source's rate, judged, written to the log. Blocks until the log has it. Thread-safe.
 */
final class Reception {
    private final Sources sources;
    private final BodyParser parser;
    private final Intake intake;
    private final RateLimits rates;
    private final EventPublisher publisher;
    private final Refusals refusals;
    private final CollectMetrics metrics;
    private final CollectProperties limits;
    private final Clock clock;

    Reception(
            Sources sources,
            Intake intake,
            RateLimits rates,
            EventPublisher publisher,
            Refusals refusals,
            CollectMetrics metrics,
            CollectProperties limits,
            Clock clock) {
        this.sources = sources;
        this.parser = new BodyParser(limits);
        this.intake = intake;
        this.rates = rates;
        this.publisher = publisher;
        this.refusals = refusals;
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
        Source known = call.source();
        TrackingBody body = told(known, () -> parser.parse(call.route(), call.body()));
        Source source = known != null ? known : source(body.writeKey());
        return told(source, () -> take(call, source, body, tell));
    }

    private List<Verdict> take(
            Call call, Source source, TrackingBody body, Consumer<RateLimits.Standing> tell) {
        Cors.check(source, call.caller().origin());
        admit(source, body.items().size(), tell);
        List<Verdict> verdicts =
                intake.judge(source, call.route(), body, call.caller(), clock.instant());
        publish(verdicts);
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Refused refused) {
                refusals.event(source, call.route(), body, refused);
            }
        }
        return verdicts;
    }

    /** A step of a request. */
    interface Step<T, E extends Exception> {
        T take() throws E;
    }

    /** Takes a step; whoever watches the source gets to see with which problem it ended. */
    <T, E extends Exception> T told(@Nullable Source source, Step<T, E> step) throws E {
        try {
            return step.take();
        } catch (ProblemException problem) {
            if (source != null) {
                refusals.request(source, problem.problem(), problem.detail());
            }
            throw problem;
        }
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
