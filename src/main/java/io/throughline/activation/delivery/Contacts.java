package io.throughline.activation.delivery;

import io.throughline.contact.ContactGate;
import io.throughline.contact.ContactRule;
import io.throughline.contact.Verdict;
import io.throughline.contact.Verdict.Suppressed;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileUpdate;
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

    /**
     * May a destination be told anything of this kind about this profile?
     *
     * @param always whoever was told of a person has to hear that the person is erased
     */
    record Question(LaneKey lane, ContactRule rule, boolean always) {
        static Question of(Receiver receiver, LaneKey lane, String type) {
            return new Question(
                    lane, receiver.contactRule(type), type.equals(ProfileUpdate.ERASED));
        }

        static Question of(Receiver receiver, Row row) {
            return of(receiver, row.lane(), row.type());
        }
    }

    private record Group(int workspace, ContactRule rule) {}

    /** Those that are not allowed, and why; by what is known when the connection asks. */
    Map<Question, Suppressed> suppressed(Connection connection, Collection<Question> questions)
            throws SQLException {
        Map<Group, List<Question>> groups = new HashMap<>();
        for (Question question : questions) {
            if (question.always()) {
                continue;
            }
            groups.computeIfAbsent(
                            new Group(question.lane().workspace(), question.rule()),
                            _ -> new ArrayList<>())
                    .add(question);
        }
        Map<Question, Suppressed> suppressed = new HashMap<>();
        for (Map.Entry<Group, List<Question>> group : groups.entrySet()) {
            Map<Long, Verdict> verdicts =
                    gate.verdicts(
                            connection,
                            new WorkspaceId(group.getKey().workspace()),
                            group.getKey().rule(),
                            group.getValue().stream()
                                    .map(question -> question.lane().profile())
                                    .distinct()
                                    .toList());
            for (Question question : group.getValue()) {
                if (verdicts.get(question.lane().profile()) instanceof Suppressed because) {
                    suppressed.put(question, because);
                }
            }
        }
        return suppressed;
    }

    /**
     * Whether the destination may still be told of all of these rows, which were leased a while
     * ago: nobody objected or was erased meanwhile. That somebody was erased is told.
     */
    boolean allows(Connection connection, Receiver receiver, List<Row> rows) throws SQLException {
        if (!suppressed(connection, rows.stream().map(row -> Question.of(receiver, row)).toList())
                .isEmpty()) {
            return false;
        }
        Survivors survivors =
                RetiredProfiles.survivors(
                        connection, rows.stream().map(Contacts::subject).distinct().toList());
        return rows.stream()
                .allMatch(row ->
                        row.type().equals(ProfileUpdate.ERASED)
                                || survivors.survivorOf(subject(row), row.version())
                                        != Survivors.NOBODY);
    }

    private static ProfileKey subject(Row row) {
        return new ProfileKey(row.lane().workspace(), row.profile());
    }
}
