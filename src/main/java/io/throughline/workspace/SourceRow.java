package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "source")
class SourceRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private int workspaceId;
    private String publicId;
    private String name;
    private String writeKey;
    private boolean trusted;
    private String currency;
    private @Nullable Integer eventsPerSecond;
    private String[] allowedOrigins;
    private boolean bootstrap;
    private Instant createdAt;
    private @Nullable Instant deletedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected SourceRow() {}

    @SuppressWarnings("NullAway.Init") // filled by shape
    SourceRow(
            WorkspaceId workspace,
            String publicId,
            String writeKey,
            SourceShape shape,
            Instant createdAt) {
        this.workspaceId = workspace.value();
        this.publicId = publicId;
        this.writeKey = writeKey;
        this.createdAt = createdAt;
        shape(shape);
    }

    static SourceRow bootstrap(String publicId, String writeKey, Instant createdAt) {
        SourceShape shape = new SourceShape("First source", null, null, null, null);
        SourceRow row = new SourceRow(Workspace.DEFAULT, publicId, writeKey, shape, createdAt);
        row.bootstrap = true;
        return row;
    }

    final void shape(SourceShape shape) {
        this.name = shape.name();
        this.trusted = shape.serverSide();
        this.currency = shape.currencyOrDefault();
        this.eventsPerSecond = shape.eventsPerSecond();
        this.allowedOrigins = shape.origins().toArray(String[]::new);
    }

    SourceShape shape() {
        return new SourceShape(name, trusted, eventsPerSecond, List.of(allowedOrigins), currency);
    }

    void rekey(String newWriteKey) {
        this.writeKey = newWriteKey;
        this.deletedAt = null;
    }

    /** The key stops, the row stays; a bootstrap source makes room for the next one. */
    void delete(Instant at) {
        this.deletedAt = at;
    }

    boolean live() {
        return deletedAt == null;
    }

    String writeKey() {
        return writeKey;
    }

    Instant createdAt() {
        return createdAt;
    }

    Source source() {
        return new Source(
                Stored.id(id),
                new WorkspaceId(workspaceId),
                publicId,
                name,
                trusted,
                currency,
                eventsPerSecond,
                List.of(allowedOrigins));
    }
}
