package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidences.Apart;
import io.throughline.identity.Evidences.Found;
import io.throughline.identity.Evidences.Proof;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Moved;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileExporter.Lines;
import io.throughline.profile.ProfileReads.Led;
import io.throughline.profile.Timeline.Entry;
import io.throughline.profile.Timeline.Position;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept of a person: the profile, why its identifiers are one and which are kept apart, its
 * moves, its events newest first, and what other modules keep.
 */
@Component
public class ProfileExport {
    private static final int PART = 500;

    private final EventTransactions transactions;
    private final ProfileReads reads;
    private final LinkReads links;
    private final List<ProfileExporter> exporters;

    ProfileExport(
            EventTransactions transactions,
            ProfileReads reads,
            LinkReads links,
            List<ProfileExporter> exporters) {
        this.transactions = transactions;
        this.reads = reads;
        this.links = links;
        this.exporters = exporters;
    }

    /**
     * What an archive begins with.
     *
     * @param nodes of the profile, which are the ids of those merged into it, too
     */
    public record Subject(
            WorkspaceId workspace, long profile, List<Long> nodes, ObjectNode document) {}

    /** Empty when there is no such live profile; the one that a retired id leads to is taken. */
    public Optional<Subject> find(WorkspaceId workspace, long profile) {
        return switch (reads.ask(
                workspace, profile, (connection, id) -> subject(connection, workspace, id))) {
            case Led.ToAnswer<Subject>(Subject subject) -> Optional.of(subject);
            case Led.ToAnother<Subject>(long live) -> find(workspace, live);
            case Led.Nowhere<Subject>() -> Optional.empty();
        };
    }

    private Optional<Subject> subject(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        List<Long> nodes = nodes(connection, workspace, profile);
        return reads.document(connection, workspace, profile)
                .map(document -> new Subject(workspace, profile, nodes, document));
    }

    private static List<Long> nodes(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        return Identities.nodes(connection, workspace, List.of(profile))
                .getOrDefault(profile, List.of())
                .stream()
                .sorted()
                .toList();
    }

    /**
     * Writes the archive. Each part is read by itself, so what arrives meanwhile may be in it or
     * not.
     *
     * @return whether it is whole: false when the person was merged, split or erased meanwhile
     */
    public boolean write(Subject subject, Lines lines) throws IOException {
        lines.add("profile", subject.document());
        writeLinks(subject, lines);
        writeMoves(subject, lines);
        writeEvents(subject, lines);
        for (ProfileExporter exporter : exporters) {
            exporter.export(subject.workspace(), subject.nodes(), lines);
        }
        return subject.nodes()
                .equals(
                        transactions.run(connection ->
                                nodes(connection, subject.workspace(), subject.profile())));
    }

    private void writeLinks(Subject subject, Lines lines) throws IOException {
        Found found =
                transactions.snapshot(connection ->
                        links.found(connection, subject.workspace(), subject.profile()));
        List<Proof> proofs = found.proofs();
        for (int next = 0; next < proofs.size(); next += PART) {
            List<Proof> part = proofs.subList(next, Math.min(proofs.size(), next + PART));
            for (ObjectNode link :
                    transactions.run(
                            connection -> links.describe(connection, subject.workspace(), part))) {
                lines.add("link", link);
            }
        }
        for (Apart apart : found.apart()) {
            lines.add("unlink", LinkReads.unlink(apart));
        }
    }

    private void writeMoves(Subject subject, Lines lines) throws IOException {
        long before = Long.MAX_VALUE;
        while (true) {
            long from = before;
            List<Moved> moves =
                    transactions.run(connection ->
                            Identities.ledger(
                                    connection,
                                    subject.workspace(),
                                    subject.profile(),
                                    from,
                                    PART));
            for (Moved move : moves) {
                lines.add("merge", ProfileReads.move(move));
            }
            if (moves.size() < PART) {
                return;
            }
            before = moves.getLast().seq();
        }
    }

    private void writeEvents(Subject subject, Lines lines) throws IOException {
        Position before = Position.NEWEST;
        while (true) {
            Position from = before;
            List<Entry> events =
                    transactions.run(connection ->
                            Timeline.page(
                                    connection, subject.workspace(), subject.nodes(), from, PART));
            for (Entry event : events) {
                lines.add("event", Timeline.item(event.stored()));
            }
            if (events.size() < PART) {
                return;
            }
            before = events.getLast().position();
        }
    }
}
