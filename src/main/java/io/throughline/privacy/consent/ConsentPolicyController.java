package io.throughline.privacy.consent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.privacy.consent.ConsentPolicyStore.Stored;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Callers;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What counts for purposes of which a visitor has said nothing. */
@RestController
@RequestMapping("/api/v1/consent-policy")
@Tag(name = "Privacy")
class ConsentPolicyController {
    private final DecisionTransactions transactions;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    ConsentPolicyController(
            DecisionTransactions transactions, Callers callers, AuditLog audit, Clock clock) {
        this.transactions = transactions;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What GET answers can be sent back, edited: what it adds is accepted and ignored.
     *
     * @param unknown by purpose, {@code *} for every one that is not named
     */
    @JsonIgnoreProperties({"changedBy", "changedAt"})
    record ChangeDocument(@Nullable Map<String, @Nullable ConsentStatus> unknown) {}

    /**
     * @param changedBy null while nobody has changed anything
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record PolicyDocument(
            Map<String, ConsentStatus> unknown,
            @Nullable String changedBy,
            @Nullable Instant changedAt) {
        static PolicyDocument of(Stored stored) {
            return new PolicyDocument(
                    stored.policy().unknown(), stored.changedBy(), stored.changedAt());
        }
    }

    @GetMapping
    @Operation(summary = "What counts for purposes of which a visitor has said nothing")
    PolicyDocument current(WorkspaceId workspace) {
        return transactions
                .run(connection -> ConsentPolicyStore.find(connection, workspace))
                .map(PolicyDocument::of)
                .orElseGet(() -> new PolicyDocument(ConsentPolicy.DEFAULT.unknown(), null, null));
    }

    @PutMapping
    @Operation(
            summary = "Replaces all of it",
            description =
                    "Each purpose is granted or denied; * is every purpose that is not named. Without"
                            + " it, what is left out returns to its default. Holds from the next"
                            + " message on, for those that wait, too.")
    PolicyDocument put(WorkspaceId workspace, @RequestBody ChangeDocument change) {
        if (change.unknown() == null) {
            throw ProblemException.invalid("unknown", "must be an object of purposes");
        }
        Stored stored =
                new Stored(
                        ConsentPolicy.read(change.unknown()), callers.current(), clock.instant());
        return transactions.run(connection -> {
            ConsentPolicyStore.put(connection, workspace, stored);
            audit.record(
                    workspace,
                    "consent.policy_changed",
                    "consent-policy",
                    Map.of("unknown", stored.policy().unknown()));
            return PolicyDocument.of(stored);
        });
    }
}
