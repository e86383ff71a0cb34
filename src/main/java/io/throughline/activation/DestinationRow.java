package io.throughline.activation;

import io.throughline.activation.auth.Auth;
import io.throughline.activation.auth.StoredValues;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * A destination. Only changed columns are written: deliveries set {@code status} and {@code
 * not_before} of the same row beside JPA.
 */
@Entity
@Table(name = "destination")
@DynamicUpdate
class DestinationRow {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "destination_id")
    @SequenceGenerator(name = "destination_id", sequenceName = "destination_id", allocationSize = 1)
    private @Nullable Long id;

    private int workspaceId;
    private String publicId;
    private String name;
    private String url;
    private String[] types;
    private int timeoutMs;
    private int maxConcurrency;
    private @Nullable Integer ratePerSecond;
    private @Nullable Integer ttlSeconds;
    private @Nullable String filter;
    private @Nullable String transform;
    private @Nullable Integer batchSize;
    private @Nullable String purpose;
    private @Nullable Integer stopAfterOrderDays;
    private String headers;
    private byte @Nullable [] sealedHeaders;
    private @Nullable String headersKeyId;
    private String auth;
    private byte @Nullable [] sealedAuth;
    private @Nullable String authKeyId;
    private @Nullable String caCertificates;
    private String status;
    private byte[] secret;
    private String secretKeyId;
    private byte @Nullable [] oldSecret;
    private @Nullable String oldSecretKeyId;
    private @Nullable Instant oldSecretUntil;
    private @Nullable Instant notBefore;
    private @Nullable Instant failingSince;
    private Instant createdAt;
    private Instant updatedAt;
    private @Nullable Instant deletedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected DestinationRow() {}

    @SuppressWarnings("NullAway.Init") // filled by shape and secret
    DestinationRow(int workspaceId, String publicId, DestinationShape shape, Instant now) {
        this.workspaceId = workspaceId;
        this.publicId = publicId;
        this.status = DestinationStatus.ACTIVE.text();
        this.secret = new byte[0];
        this.secretKeyId = "";
        this.headers = StoredValues.Kind.HEADERS.none().shown();
        this.auth = StoredValues.Kind.AUTH.none().shown();
        this.createdAt = now;
        shape(shape, now);
    }

    /** All but headers and auth, which need the row's id to be encrypted. */
    final void shape(DestinationShape shape, Instant now) {
        this.name = shape.name();
        this.url = shape.url().strip();
        this.types = shape.distinctTypes();
        this.timeoutMs = shape.timeout();
        this.maxConcurrency = shape.concurrency();
        this.ratePerSecond = shape.ratePerSecond();
        this.ttlSeconds = shape.ttlSeconds();
        this.filter = shape.filter();
        this.transform = shape.transform();
        this.batchSize = shape.batch() == null ? null : shape.batch().size();
        this.purpose = shape.contactRule().purpose();
        this.stopAfterOrderDays = shape.stopAfterOrderDays();
        this.caCertificates = shape.caCertificates();
        this.updatedAt = now;
    }

    /** Values of headers and secret parts of auth are masked. */
    DestinationShape shape() {
        return new DestinationShape(
                name,
                url,
                List.of(types),
                timeoutMs,
                maxConcurrency,
                ttlSeconds,
                headers().masked(),
                Auth.of(auth().masked()),
                caCertificates,
                ratePerSecond,
                filter,
                transform,
                batchSize == null ? null : new Batch(batchSize),
                purpose,
                stopAfterOrderDays);
    }

    StoredValues headers() {
        return new StoredValues(StoredValues.Kind.HEADERS, headers, sealedHeaders, headersKeyId);
    }

    void headers(StoredValues changed) {
        this.headers = changed.shown();
        this.sealedHeaders = changed.sealed();
        this.headersKeyId = changed.keyId();
    }

    StoredValues auth() {
        return new StoredValues(StoredValues.Kind.AUTH, auth, sealedAuth, authKeyId);
    }

    void auth(StoredValues changed) {
        this.auth = changed.shown();
        this.sealedAuth = changed.sealed();
        this.authKeyId = changed.keyId();
    }

    /** Keeps the secret of before for {@code overlap}. */
    void secret(byte[] encrypted, String keyId, Duration overlap, Instant now) {
        if (secret.length > 0 && overlap.isPositive()) {
            this.oldSecret = secret;
            this.oldSecretKeyId = secretKeyId;
            this.oldSecretUntil = now.plus(overlap);
        } else {
            this.oldSecret = null;
            this.oldSecretKeyId = null;
            this.oldSecretUntil = null;
        }
        this.secret = encrypted;
        this.secretKeyId = keyId;
        this.updatedAt = now;
    }

    void status(DestinationStatus changed, Instant now) {
        this.status = changed.text();
        this.updatedAt = now;
        if (changed == DestinationStatus.ACTIVE) {
            this.notBefore = null;
            this.failingSince = null;
        }
    }

    void delete(Instant now) {
        this.deletedAt = now;
        this.updatedAt = now;
    }

    long id() {
        if (id == null) {
            throw new IllegalStateException("the row has not been saved yet");
        }
        return id;
    }

    String publicId() {
        return publicId;
    }

    DestinationStatus status() {
        return DestinationStatus.of(status);
    }

    @Nullable Instant failingSince() {
        return failingSince;
    }

    @Nullable Instant oldSecretUntil() {
        return oldSecretUntil;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }
}
