package io.throughline.activation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.activation.auth.Auth;
import io.throughline.activation.auth.AuthCheck;
import io.throughline.activation.auth.StoredValues;
import io.throughline.activation.delivery.Deliveries;
import io.throughline.activation.delivery.Receivers;
import io.throughline.activation.webhook.CustomHeaders;
import io.throughline.activation.webhook.Egress;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.activation.webhook.WebhookSecret;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.MasterKey;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.web.MergePatch;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.AuditLog;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What people do with destinations; each change is committed and seen here when it returns. */
@Component
class Destinations {
    private final DestinationRows rows;
    private final ParkedItems parked;
    private final TransactionTemplate transaction;
    private final Receivers receivers;
    private final ObjectProvider<Deliveries> deliveries;
    private final MasterKey masterKey;
    private final Egress egress;
    private final WebhookClient client;
    private final MergePatch patches;
    private final AuditLog audit;
    private final RandomText randomText;
    private final Counter cancelled;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Destinations(
            DestinationRows rows,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Receivers receivers,
            ObjectProvider<Deliveries> deliveries,
            MasterKey masterKey,
            Egress egress,
            WebhookClient client,
            MergePatch patches,
            AuditLog audit,
            RandomText randomText,
            MeterRegistry registry,
            Clock clock) {
        this.rows = rows;
        this.parked = new ParkedItems(jdbc);
        this.transaction = new TransactionTemplate(transactions);
        this.receivers = receivers;
        this.deliveries = deliveries;
        this.masterKey = masterKey;
        this.egress = egress;
        this.client = client;
        this.patches = patches;
        this.audit = audit;
        this.randomText = randomText;
        this.cancelled = Deliveries.cancelled(registry);
        this.clock = clock;
    }

    /** A destination and the one moment its secret is readable. */
    record Created(DestinationRow row, WebhookSecret secret) {}

    Created create(WorkspaceId workspace, DestinationShape shape) {
        check(shape, null);
        WebhookSecret secret = WebhookSecret.random(random);
        Instant now = clock.instant();
        DestinationRow created =
                commit(
                        "destination.created",
                        workspace,
                        () -> {
                            DestinationRow row =
                                    rows.save(
                                            new DestinationRow(
                                                    workspace.value(),
                                                    "dst_" + randomText.of(16),
                                                    shape,
                                                    now));
                            values(row, shape);
                            seal(row, secret, Duration.ZERO);
                            return row;
                        });
        return new Created(created, secret);
    }

    private void seal(DestinationRow row, WebhookSecret secret, Duration overlap) {
        row.secret(
                masterKey.encrypt(secret.bytes(), row.id()),
                masterKey.id(),
                overlap,
                clock.instant());
        rows.save(row);
    }

    /** Says no before anything is stored; the same checks are made again at every send. */
    private void check(DestinationShape shape, @Nullable DestinationShape known) {
        URI url;
        try {
            url = egress.parse(shape.url());
        } catch (Egress.RefusedUrlException e) {
            throw new ProblemException(
                    ActivationProblems.INVALID_URL, String.valueOf(e.getMessage()));
        }
        if (client.isBlocked(url)) {
            throw new ProblemException(
                    ActivationProblems.FORBIDDEN_ADDRESS,
                    url.getHost()
                            + " leads to a private or reserved address. Operations can allow it"
                            + " with throughline.activation.egress.allow.");
        }
        checkHeaders(shape);
        shape.contactRule();
        WrittenExpressions.check(shape);
        if (known == null || !shape.authOrNone().equals(known.auth())) {
            AuthCheck.contents(shape.authOrNone(), clock.instant());
        }
        if (known == null || !Objects.equals(shape.caCertificates(), known.caCertificates())) {
            AuthCheck.authorities(shape.caCertificates(), clock.instant());
        }
    }

    private static void checkHeaders(DestinationShape shape) {
        AuthCheck.fits(
                shape.authOrNone(),
                shape.caCertificates(),
                shape.headersOrNone(),
                URI.create(shape.url().strip()).getScheme());
        String fault = CustomHeaders.fault(shape.headersOrNone());
        if (fault != null) {
            throw ProblemException.invalid("headers", fault);
        }
    }

    List<DestinationRow> after(WorkspaceId workspace, long id, int limit) {
        return rows.findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
                workspace.value(), id, Limit.of(limit));
    }

    DestinationRow find(WorkspaceId workspace, String publicId) {
        return rows.findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(workspace.value(), publicId)
                .orElseThrow(() -> unknown(publicId));
    }

    private static ProblemException unknown(String publicId) {
        return ProblemException.notFound("There is no destination " + publicId + ".");
    }

    DestinationRow change(WorkspaceId workspace, String publicId, JsonNode patch) {
        // before the row is locked: to look up a name may take seconds
        DestinationShape known = find(workspace, publicId).shape();
        check(patched(known, patch), known);
        return change(
                "destination.changed",
                workspace,
                publicId,
                row -> {
                    DestinationShape shape = patched(row.shape(), patch);
                    checkHeaders(shape);
                    values(row, shape);
                    row.shape(shape, clock.instant());
                });
    }

    private DestinationShape patched(DestinationShape known, JsonNode patch) {
        return patches.apply(known, known.authOrNone().replacedIn(patch), DestinationShape.class);
    }

    /** What is stored encrypted, while the row still has the URL of before. */
    private void values(DestinationRow row, DestinationShape shape) {
        boolean sameReceiver = shape.hasOriginOf(row.shape());
        row.headers(
                row.headers().changed(shape.headersOrNone(), sameReceiver, masterKey, row.id()));
        StoredValues before = row.auth();
        StoredValues after =
                before.changed(shape.authOrNone().values(), sameReceiver, masterKey, row.id());
        if (after != before) {
            AuthCheck.contents(Auth.of(after.open(masterKey, row.id())), clock.instant());
            row.auth(after);
        }
    }

    DestinationRow pause(WorkspaceId workspace, String publicId) {
        return change(
                "destination.paused",
                workspace,
                publicId,
                row -> row.status(DestinationStatus.PAUSED, clock.instant()));
    }

    DestinationRow resume(WorkspaceId workspace, String publicId) {
        DestinationRow resumed =
                change(
                        "destination.resumed",
                        workspace,
                        publicId,
                        row -> {
                            row.status(DestinationStatus.ACTIVE, clock.instant());
                            parked.dueNow(workspace, row.id(), clock.instant());
                        });
        receivers.startAfresh(resumed.id());
        deliveries.ifAvailable(running -> running.wake(resumed.id()));
        return resumed;
    }

    void delete(WorkspaceId workspace, String publicId) {
        AtomicInteger owedNoMore = new AtomicInteger();
        change(
                "destination.deleted",
                workspace,
                publicId,
                row -> {
                    owedNoMore.set(parked.cancel(workspace, row.id(), clock.instant()));
                    row.delete(clock.instant());
                });
        cancelled.increment(owedNoMore.get());
    }

    Created rotate(WorkspaceId workspace, String publicId, Duration overlap) {
        WebhookSecret secret = WebhookSecret.random(random);
        DestinationRow rotated =
                change(
                        "destination.rotated",
                        workspace,
                        publicId,
                        row -> seal(row, secret, overlap));
        return new Created(rotated, secret);
    }

    private DestinationRow change(
            String action,
            WorkspaceId workspace,
            String publicId,
            Consumer<DestinationRow> change) {
        return commit(
                action,
                workspace,
                () -> {
                    DestinationRow row =
                            rows.findForChangeByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
                                            workspace.value(), publicId)
                                    .orElseThrow(() -> unknown(publicId));
                    change.accept(row);
                    return rows.save(row);
                });
    }

    private DestinationRow commit(
            String action, WorkspaceId workspace, Supplier<DestinationRow> change) {
        DestinationRow row =
                transaction.execute(status -> {
                    DestinationRow changed = change.get();
                    audit.record(
                            workspace,
                            action,
                            changed.publicId(),
                            Map.of(
                                    "name", changed.shape().name(),
                                    "status", changed.status().text(),
                                    "headers", changed.shape().headersOrNone(),
                                    "auth", changed.shape().authOrNone().type()));
                    return changed;
                });
        receivers.refresh();
        return row;
    }
}
