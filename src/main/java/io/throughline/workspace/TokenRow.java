package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "api_token")
@DynamicUpdate // only what changed, so that last_used_at is never set back
class TokenRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private @Nullable Integer workspaceId;
    private String publicId;
    private String name;

    @Enumerated(EnumType.STRING)
    private TokenRole role;

    private String sha256;
    private boolean bootstrap;
    private Instant createdAt;

    /** Written by {@link TokenUse} alone. */
    @Column(insertable = false, updatable = false)
    private @Nullable Instant lastUsedAt;

    private @Nullable Instant revokedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected TokenRow() {}

    TokenRow(
            @Nullable WorkspaceId workspace,
            String publicId,
            String name,
            TokenRole role,
            String sha256,
            Instant createdAt) {
        this.workspaceId = workspace == null ? null : workspace.value();
        this.publicId = publicId;
        this.name = name;
        this.role = role;
        this.sha256 = sha256;
        this.bootstrap = workspace == null;
        this.createdAt = createdAt;
    }

    void rehash(String newSha256) {
        this.sha256 = newSha256;
    }

    void revoke(Instant at) {
        this.revokedAt = at;
    }

    boolean live() {
        return revokedAt == null;
    }

    String sha256() {
        return sha256;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable Instant lastUsedAt() {
        return lastUsedAt;
    }

    Token token() {
        WorkspaceId workspace = workspaceId == null ? null : new WorkspaceId(workspaceId);
        return new Token(Stored.id(id), publicId, workspace, name, role);
    }
}
