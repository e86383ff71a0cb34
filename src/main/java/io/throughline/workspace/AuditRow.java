package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

@Entity
@Immutable
@Table(name = "audit_entry")
class AuditRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private int workspaceId;
    private Instant at;
    private String actor;
    private String actorName;
    private String action;
    private String subject;

    /** JSON text. */
    @ColumnTransformer(write = "cast(? as jsonb)")
    private String details;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected AuditRow() {}

    AuditRow(
            WorkspaceId workspace,
            Instant at,
            Actor actor,
            String action,
            String subject,
            String details) {
        this.workspaceId = workspace.value();
        this.at = at;
        this.actor = actor.id();
        this.actorName = actor.name();
        this.action = action;
        this.subject = subject;
        this.details = details;
    }

    /**
     * Who makes a change.
     *
     * @param id the token's public id, or {@code system}
     */
    record Actor(String id, String name) {
        static final Actor SYSTEM = new Actor("system", "Throughline");
    }

    long id() {
        return Stored.id(id);
    }

    Instant at() {
        return at;
    }

    Actor actor() {
        return new Actor(actor, actorName);
    }

    String action() {
        return action;
    }

    String subject() {
        return subject;
    }

    String details() {
        return details;
    }
}
