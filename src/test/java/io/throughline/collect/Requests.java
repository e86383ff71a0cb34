package io.throughline.collect;

import io.throughline.collect.Verdict.Accepted;
import io.throughline.collect.Verdict.Refused;
import io.throughline.collect.plan.Plans;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.workspace.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Bodies on their way through the pure part of the module: parsed, judged, stamped. */
final class Requests {
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final Source WEB =
            new Source(7, new WorkspaceId(1), "src_7", "web", false, "USD", null, List.of());
    static final Source SERVER =
            new Source(8, new WorkspaceId(1), "src_8", "shop", true, "USD", null, List.of());

    private Requests() {}

    static List<Verdict> judged(Source source, Route route, byte[] body) {
        AtomicInteger number = new AtomicInteger();
        CollectProperties settings = Settings.defaults();
        return new Intake(settings, Plans.NONE, _ -> 3, () -> "new-" + number.incrementAndGet())
                .judge(
                        source,
                        route,
                        new BodyParser(settings).parse(route, body),
                        Caller.UNKNOWN,
                        NOON);
    }

    static List<Verdict> batch(String json) {
        return judged(WEB, new Route.Batch(), json.getBytes(StandardCharsets.UTF_8));
    }

    /** A batch of one: {@code fields} is what stands beside {@code batch}. */
    static Verdict inBatch(String fields, String event) {
        return batch("{\"batch\":[" + event + "]" + fields + "}").getFirst();
    }

    static Verdict single(EventType type, String json) {
        return judged(WEB, new Route.Single(type), json.getBytes(StandardCharsets.UTF_8))
                .getFirst();
    }

    static TrackingEvent accepted(EventType type, String json) {
        return accepted(single(type, json));
    }

    static TrackingEvent accepted(Verdict verdict) {
        return switch (verdict) {
            case Accepted(TrackingEvent event) -> event;
            case Refused refused -> throw new AssertionError("refused: " + refused.reason());
        };
    }

    static Refusal refused(Verdict verdict) {
        return switch (verdict) {
            case Accepted accepted -> throw new AssertionError("accepted: " + accepted);
            case Refused refused -> refused.reason();
        };
    }
}
