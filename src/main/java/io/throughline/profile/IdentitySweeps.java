package io.throughline.profile;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.identity.ClusterSweep;
import io.throughline.identity.IdentityChanges;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.jdbc.Turn;
import io.throughline.platform.metrics.AskedGauge;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Carries changes of identity configurations through all profiles: the parts of each {@link
 * ClusterSweep}, with what they change of profiles and owe to destinations.
 *
 * <p>{@code throughline.identity.sweep.age}: seconds since the oldest change that is not carried
 * through yet, 0 when there is none.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class IdentitySweeps {
    private final DecisionTransactions transactions;
    private final ClusterSweep sweep;
    private final ProfileChanges profileChanges;
    private final Clock clock;

    IdentitySweeps(
            DecisionTransactions transactions,
            ClusterSweep sweep,
            ProfileChanges profileChanges,
            Clock clock,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.sweep = sweep;
        this.profileChanges = profileChanges;
        this.clock = clock;
        AskedGauge.registerAge(
                meters,
                clock,
                "throughline.identity.sweep.age",
                () -> transactions.run(ClusterSweep::oldestUnfinished));
    }

    @Scheduled(fixedDelay = 1_000)
    void run() {
        Turn.take("A change of what identifies visitors", this::part);
    }

    /** False when there is nothing to do. */
    private boolean part() {
        Instant now = clock.instant();
        return transactions.run(connection -> {
            Optional<IdentityChanges> changes = sweep.part(connection, now);
            if (changes.isPresent()) {
                profileChanges.apply(connection, List.of(), changes.get(), now);
            }
            return changes.isPresent();
        });
    }
}
