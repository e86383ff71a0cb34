package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Moved;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileExporter.Lines;
import io.throughline.profile.ProfileReads.Led;
import io.throughline.profile.Timeline.Entry;
import io.throughline.profile.Timeline.Position;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is kept of a person: the profile, why its identifiers are one, its moves, its
 * events newest first, and what other modules keep.
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
                workspace,
                profile,
                (connection, id) ->
                        reads.document(connection, workspace, id)
                                .map(document ->
                                        new Subject(workspace, id, List.of(id), document)))) {
            case Led.ToAnswer<Subject>(Subject subject) -> Optional.of(withNodes(subject));
            case Led.ToAnother<Subject>(long live) -> find(workspace, live);
            case Led.Nowhere<Subject>() -> Optional.empty();
        };
    }

    private Subject withNodes(Subject subject) {
        List<Long> nodes =
                transactions.run(connection ->
                        Identities.nodes(
                                        connection, subject.workspace(), List.of(subject.profile()))
                                .getOrDefault(subject.profile(), subject.nodes()));
        return new Subject(subject.workspace(), subject.profile(), nodes, subject.document());
    }

    /** Writes the whole archive. */
    public void write(Subject subject, Lines lines) throws IOException {
        lines.add("profile", subject.document());
        for (ObjectNode link :
                transactions.snapshot(connection ->
                        links.all(connection, subject.workspace(), subject.profile()))) {
            lines.add("link", link);
        }
        writeMoves(subject, lines);
        writeEvents(subject, lines);
        for (ProfileExporter exporter : exporters) {
            exporter.export(subject.workspace(), subject.nodes(), lines);
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
