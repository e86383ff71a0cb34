package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "workspace")
class WorkspaceRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Integer id;

    private String publicId;
    private String name;
    private Instant createdAt;
    private int identityVersion;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected WorkspaceRow() {}

    WorkspaceRow(String publicId, String name, Instant createdAt) {
        this.publicId = publicId;
        this.name = name;
        this.createdAt = createdAt;
    }

    int identityVersion() {
        return identityVersion;
    }

    Workspace workspace() {
        return new Workspace(new WorkspaceId(Stored.id(id)), publicId, name, createdAt);
    }
}
