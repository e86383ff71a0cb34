package io.throughline.collect.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.collect.plan.Finding.Reason;
import io.throughline.collect.plan.PlanGate.Active;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.workspace.Source;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class PlanGateTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Source SOURCE =
            new Source(7, new WorkspaceId(1), "src_7", "web", false, "USD", null, List.of());

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void aPlanThatExhaustsEveryEventStopsJudgingForTheRestOfTheSecond()
            throws InvalidPlanException {
        PlanGate gate = gate("{\"properties\": {\"a\": {\"pattern\": \"^(a{0,100}){0,4}$\"}}}");
        ObjectNode expensive = NODES.objectNode().put("a", "a".repeat(30_000) + "!");

        for (int i = 0; i < 1_000; i++) {
            assertThat(gate.judge(SOURCE, track(NOON, expensive)))
                    .isEqualTo(new Judgement.Passes());
        }

        assertThat(unjudged(Reason.EXHAUSTED)).isEqualTo(10);
        assertThat(unjudged(Reason.SKIPPED)).isEqualTo(990);
        ObjectNode wrong = NODES.objectNode().put("a", "b!");
        assertThat(gate.judge(SOURCE, track(NOON, wrong))).isEqualTo(new Judgement.Passes());
        assertThat(gate.judge(SOURCE, track(NOON.plusSeconds(1), wrong)))
                .isInstanceOf(Judgement.Violates.class);
    }

    @Test
    void anAliasIsNeverJudgedNorNoted() throws InvalidPlanException {
        TrackingEvent alias = new TrackingEvent.Alias(header(NOON), "before");

        assertThat(gate("{}").judge(SOURCE, alias)).isEqualTo(new Judgement.Passes());
        assertThat(meters.get("throughline.collect.plan.unlisted").counters())
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
    }

    @Test
    void aPageIsJudgedByItsNameElseByTheEntryOfAllPages() throws InvalidPlanException {
        TrackingPlan plan =
                plan(
                        new PlanShape.Entry("page", null, NODES.objectNode()),
                        new PlanShape.Entry(
                                "page",
                                "Cart",
                                NODES.objectNode().set("required", NODES.arrayNode().add("a"))));

        assertThat(plan.judge(new EventKey(EventType.PAGE, "Cart"), NODES.objectNode()))
                .isInstanceOf(Finding.Violates.class);
        assertThat(plan.judge(new EventKey(EventType.PAGE, "Home"), NODES.objectNode()))
                .isEqualTo(new Finding.Conforms());
        assertThat(plan.judge(new EventKey(EventType.SCREEN, "Home"), NODES.objectNode()))
                .isEqualTo(new Finding.Unlisted());
    }

    @Test
    void countsThatCannotBeWrittenStayWithinTheirBounds() {
        PlanCounts counts = counts();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5_000; i++) {
                counts.unlisted(7, new EventKey(EventType.TRACK, "N" + i), NOON);
            }
            counts.flush();
        }

        assertThat(counts.held()).isEqualTo(PlanCounts.MAX_NAMES + 1);
    }

    private double unjudged(Reason reason) {
        return meters.get("throughline.collect.plan.unjudged")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    private PlanGate gate(String schema) throws InvalidPlanException {
        TrackingPlan plan =
                plan(new PlanShape.Entry("track", "A", JsonMapper.shared().readTree(schema)));
        Active active = new Active(plan, new Fuse());
        return new PlanGate(_ -> active, counts(), new PlanMetrics(meters));
    }

    private static TrackingPlan plan(PlanShape.Entry... entries) throws InvalidPlanException {
        return TrackingPlan.compile(
                1, new PlanShape(PlanMode.ENFORCE, null, List.of(entries), null));
    }

    /** Over a database that is away. */
    private static PlanCounts counts() {
        return new PlanCounts(new CountStore(new EventTransactions(new DriverManagerDataSource())));
    }

    private static TrackingEvent track(Instant at, ObjectNode properties) {
        return new TrackingEvent.Track(header(at), "A", properties);
    }

    private static TrackingEvent.Header header(Instant at) {
        return new TrackingEvent.Header(
                SOURCE.workspace(),
                SOURCE.id(),
                false,
                "m",
                at,
                at,
                at,
                "u",
                null,
                NODES.objectNode(),
                NODES.objectNode(),
                "USD",
                0);
    }
}
