package io.throughline.collect.plan;

import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Source;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes plans: checked as a whole, committed with their audit entry, and in use on this instance
 * before the caller hears of it.
 */
@Component
class TrackingPlans {
    private static final Logger LOG = LoggerFactory.getLogger(TrackingPlans.class);

    private final PlanStore store;
    private final CountReads counts;
    private final PlanJson json;
    private final AuditLog audit;
    private final ObjectProvider<LivePlans> live;
    private final TransactionTemplate transaction;
    private final PlanProperties limits;
    private final Clock clock;

    TrackingPlans(
            PlanStore store,
            CountReads counts,
            PlanJson json,
            AuditLog audit,
            ObjectProvider<LivePlans> live,
            PlatformTransactionManager transactions,
            PlanProperties limits,
            Clock clock) {
        this.store = store;
        this.counts = counts;
        this.json = json;
        this.audit = audit;
        this.live = live;
        this.transaction = new TransactionTemplate(transactions);
        this.limits = limits;
        this.clock = clock;
    }

    Optional<StoredPlan> find(Source source) {
        return store.find(source.id());
    }

    /** Empty for a source without a plan; as stored, whether it is in use yet or not. */
    Optional<TrackingPlan> compiled(Source source) {
        return find(source).map(stored -> compile(stored.version(), json.shape(stored)));
    }

    /**
     * @throws ProblemException invalid-request naming the place; conflict when somebody changed the
     *     plan meanwhile
     */
    StoredPlan put(Source source, PlanShape shape) {
        String events = json.text(shape.events());
        long size = events.getBytes(StandardCharsets.UTF_8).length;
        checkSize(shape, size);
        compile(0, shape);
        StoredPlan saved =
                transaction.execute(status -> {
                    long revision = store.nextRevision();
                    checkVersion(source, shape);
                    checkWorkspace(source, size);
                    StoredPlan plan =
                            new StoredPlan(
                                    source.id(),
                                    revision,
                                    shape.mode(),
                                    shape.unlistedOrObserve(),
                                    events,
                                    clock.instant());
                    store.save(source.workspace(), plan);
                    record(source, "tracking-plan.changed", details(plan, shape));
                    return plan;
                });
        seeNow();
        return saved;
    }

    /** Its violations go with it; the names that were seen stay. */
    void delete(Source source) {
        transaction.executeWithoutResult(status -> {
            store.nextRevision();
            if (!store.delete(source.id())) {
                throw none(source);
            }
            counts.clearViolations(source.id());
            record(source, "tracking-plan.deleted", Map.of());
        });
        seeNow();
    }

    void clearViolations(Source source) {
        transaction.executeWithoutResult(status -> {
            counts.clearViolations(source.id());
            record(source, "tracking-plan.violations-cleared", Map.of());
        });
    }

    void clearUnlisted(Source source) {
        transaction.executeWithoutResult(status -> {
            counts.clearUnlisted(source.id());
            record(source, "tracking-plan.unlisted-cleared", Map.of());
        });
    }

    static ProblemException none(Source source) {
        return ProblemException.notFound("Source " + source.publicId() + " has no tracking plan.");
    }

    private static TrackingPlan compile(long version, PlanShape shape) {
        try {
            return TrackingPlan.compile(version, shape);
        } catch (InvalidPlanException e) {
            throw ProblemException.invalid(e.field(), e.reason());
        }
    }

    private void checkSize(PlanShape shape, long size) {
        if (shape.events().size() > limits.maxEvents()) {
            throw ProblemException.invalid(
                    "events", "must list at most " + limits.maxEvents() + " events");
        }
        if (size > limits.maxPlan().toBytes()) {
            throw ProblemException.invalid(
                    "events", "must take at most " + limits.maxPlan().toBytes() + " bytes of JSON");
        }
    }

    private void checkVersion(Source source, PlanShape shape) {
        Long asked = shape.version();
        long current = store.find(source.id()).map(StoredPlan::version).orElse(0L);
        if (asked != null && asked != current) {
            throw new ProblemException(
                    WebProblems.CONFLICT,
                    "The plan has version " + current + " by now; read it again.");
        }
    }

    private void checkWorkspace(Source source, long size) {
        long all = store.othersSize(source.workspace(), source.id()) + size;
        if (all > limits.maxWorkspace().toBytes()) {
            throw ProblemException.invalid(
                    "events",
                    "would make the plans of the workspace larger than "
                            + limits.maxWorkspace().toBytes()
                            + " bytes together");
        }
    }

    private static Map<String, ?> details(StoredPlan plan, PlanShape shape) {
        return Map.of(
                "version", plan.version(),
                "mode", plan.mode().toString(),
                "unlisted", plan.unlisted().toString(),
                "events", shape.events().size());
    }

    private void record(Source source, String action, Map<String, ?> details) {
        audit.record(source.workspace(), action, source.publicId(), details);
    }

    private void seeNow() {
        live.ifAvailable(plans -> {
            try {
                plans.refresh();
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("A plan is committed but not yet used here: {}", e.toString());
            }
        });
    }
}
