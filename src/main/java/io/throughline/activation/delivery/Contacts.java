package io.throughline.activation.delivery;

import io.throughline.contact.ContactGate;
import io.throughline.contact.ContactRule;
import io.throughline.contact.Verdict;
import io.throughline.contact.Verdict.Suppressed;
import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks the gate about many profiles and destinations at once. */
final class Contacts {
    private final ContactGate gate;

    Contacts(ContactGate gate) {
        this.gate = gate;
    }

    /** May this destination be told anything of this profile? */
    record Question(Receiver receiver, ProfileKey profile) {
        LaneKey lane() {
            return LaneKey.of(profile, receiver.id());
        }
    }

    private record Group(WorkspaceId workspace, ContactRule rule) {}

    /** Those that are not allowed, and why; by what is known when the connection asks. */
    Map<LaneKey, Suppressed> suppressed(Connection connection, Collection<Question> questions)
            throws SQLException {
        Map<Group, List<Question>> groups = new HashMap<>();
        for (Question question : questions) {
            Receiver receiver = question.receiver();
            groups.computeIfAbsent(
                            new Group(receiver.workspace(), receiver.contactRule()),
                            _ -> new ArrayList<>())
                    .add(question);
        }
        Map<LaneKey, Suppressed> suppressed = new HashMap<>();
        for (Map.Entry<Group, List<Question>> group : groups.entrySet()) {
            Map<Long, Verdict> verdicts =
                    gate.verdicts(
                            connection,
                            group.getKey().workspace(),
                            group.getKey().rule(),
                            group.getValue().stream()
                                    .map(question -> question.profile().profile())
                                    .distinct()
                                    .toList());
            for (Question question : group.getValue()) {
                if (verdicts.get(question.profile().profile()) instanceof Suppressed because) {
                    suppressed.put(question.lane(), because);
                }
            }
        }
        return suppressed;
    }
}
