package io.throughline.collect.plan;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.collect.plan.PlanGate.Active;
import io.throughline.platform.jdbc.EventTransactions;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/** The gate as the server has it, without a database. */
public final class BenchPlans {
    private static final String SCHEMA =
            """
            {"type": "object", "required": ["productId", "price", "currency"],
             "properties": {
               "productId": {"type": "string", "pattern": "^sku-[0-9]{1,9}$"},
               "name": {"type": "string", "minLength": 1, "maxLength": 200},
               "price": {"type": "number", "minimum": 0},
               "currency": {"enum": ["EUR", "USD", "GBP"]},
               "quantity": {"type": "integer", "minimum": 1},
               "category": {"type": "string"}}}
            """;

    private BenchPlans() {}

    /** No source has a plan: each name is noted. */
    public static Plans noPlan() {
        return gate(null);
    }

    /** An enforced plan of 20 events, {@code Event 0} to {@code Event 19}. */
    public static Plans ofTwentyEvents() {
        List<PlanShape.Entry> entries =
                IntStream.range(0, 20)
                        .mapToObj(i ->
                                new PlanShape.Entry(
                                        "track",
                                        "Event " + i,
                                        JsonMapper.shared().readTree(SCHEMA)))
                        .toList();
        PlanShape shape = new PlanShape(PlanMode.ENFORCE, UnlistedMode.REFUSE, entries, null);
        try {
            return gate(new Active(TrackingPlan.compile(1, shape), new Fuse()));
        } catch (InvalidPlanException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Plans gate(@Nullable Active active) {
        PlanCounts counts =
                new PlanCounts(
                        new CountStore(new EventTransactions(new DriverManagerDataSource())));
        return new PlanGate(_ -> active, counts, new PlanMetrics(new SimpleMeterRegistry()));
    }
}
