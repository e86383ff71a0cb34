package io.throughline.contact;

import io.throughline.commerce.Orders;
import io.throughline.contact.ContactDecision.Known;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import io.throughline.privacy.consent.Consent;
import io.throughline.privacy.consent.Consents;
import io.throughline.privacy.consent.Purpose;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Says whether something about profiles may leave, by what is known of them now: as the caller's
 * connection sees it, never from memory. Asked when something is owed and again when it is sent.
 * Thread-safe.
 */
@Component
public class ContactGate {
    private final SuppressionList suppressions;
    private final Clock clock;

    ContactGate(SuppressionList suppressions, Clock clock) {
        this.suppressions = suppressions;
        this.clock = clock;
    }

    /**
     * A verdict for every id, in at most eight questions for any number of them, asked again for
     * those that are retired; in two where the rule asks nothing and the workspace suppresses
     * nobody.
     *
     * <p>A retired id is answered for the profile that holds its founding identifier now, also when
     * it was retired between two of the questions; an id that nobody holds, because the person was
     * erased, as one of whom nothing is known. Nobody is told of erasures through this gate: those
     * who heard of a person must hear of the erasure, too.
     *
     * @param profiles internal ids
     */
    public Map<Long, Verdict> verdicts(
            Connection connection,
            WorkspaceId workspace,
            ContactRule rule,
            Collection<Long> profiles)
            throws SQLException {
        Instant now = clock.instant();
        Map<Long, Verdict> verdicts = new HashMap<>();
        Map<Long, Long> holders = new HashMap<>();
        profiles.forEach(profile -> holders.put(profile, profile));
        while (!holders.isEmpty()) {
            Set<Long> asked = new TreeSet<>(holders.values());
            Map<Long, Verdict> found = judge(connection, workspace, rule, asked, now);
            holders.forEach((profile, holder) -> verdicts.put(profile, found.get(holder)));
            Map<Long, Long> holdersNow =
                    Identities.holders(connection, workspace, holders.keySet());
            holders.keySet().retainAll(holdersNow.keySet());
            holders.entrySet()
                    .removeIf(entry -> entry.getValue().equals(holdersNow.get(entry.getKey())));
            holders.replaceAll((profile, holder) -> holdersNow.getOrDefault(profile, holder));
        }
        return verdicts;
    }

    private Map<Long, Verdict> judge(
            Connection connection,
            WorkspaceId workspace,
            ContactRule rule,
            Set<Long> profiles,
            Instant now)
            throws SQLException {
        Purpose purpose = rule.consentTo();
        Map<Long, Suppression> suppressed =
                suppressions.of(connection, workspace, purpose, profiles, now);
        Map<Long, Consent> consents =
                purpose == null ? Map.of() : Consents.of(connection, workspace, purpose, profiles);
        Map<Long, Instant> orders =
                rule.stopAfterOrderDays() == null
                        ? Map.of()
                        : Orders.newest(connection, workspace, profiles);
        Map<Long, Verdict> verdicts = new HashMap<>();
        for (Long profile : profiles) {
            Known known =
                    new Known(suppressed.get(profile), consents.get(profile), orders.get(profile));
            verdicts.put(profile, ContactDecision.of(rule, known, now));
        }
        return verdicts;
    }
}
