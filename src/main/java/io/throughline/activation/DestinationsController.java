package io.throughline.activation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.activation.auth.Auth;
import io.throughline.activation.tls.ClientCertificate;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/destinations")
@Tag(name = "destinations")
class DestinationsController {
    private static final String LIST = "destinations";
    private static final long OVERLAP_SECONDS = 86_400;

    private final Destinations destinations;
    private final TestMessages tests;
    private final Previews previews;
    private final DeliveryReads deliveries;

    DestinationsController(
            Destinations destinations,
            TestMessages tests,
            Previews previews,
            DeliveryReads deliveries) {
        this.destinations = destinations;
        this.tests = tests;
        this.previews = previews;
        this.deliveries = deliveries;
    }

    /**
     * A destination as clients see it.
     *
     * @param headers every value is masked
     * @param auth secret parts are masked
     * @param clientCertificate the first one of {@code auth.certificate}
     * @param failingSince the first failure after the last success
     * @param queue only in the answer about one destination
     * @param secret only in the answer to its creation
     */
    record DestinationDocument(
            String id,
            String name,
            String url,
            List<String> types,
            int timeoutMs,
            int maxConcurrency,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer ratePerSecond,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer ttlSeconds,
            Map<String, String> headers,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String filter,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String transform,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Batch batch,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String purpose,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer stopAfterOrderDays,
            Auth auth,
            @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable ClientCertificate clientCertificate,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String caCertificates,
            String status,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant failingSince,
            @JsonInclude(JsonInclude.Include.NON_NULL) DeliveryReads.@Nullable Queue queue,
            Instant createdAt,
            Instant updatedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret) {
        static DestinationDocument of(DestinationRow row, @Nullable String secret) {
            return of(row, null, secret);
        }

        static DestinationDocument of(
                DestinationRow row, DeliveryReads.@Nullable Queue queue, @Nullable String secret) {
            DestinationShape shape = row.shape();
            return new DestinationDocument(
                    row.publicId(),
                    shape.name(),
                    shape.url(),
                    shape.types(),
                    shape.timeout(),
                    shape.concurrency(),
                    shape.ratePerSecond(),
                    shape.ttlSeconds(),
                    shape.headersOrNone(),
                    shape.filter(),
                    shape.transform(),
                    shape.batch(),
                    shape.purpose(),
                    shape.stopAfterOrderDays(),
                    shape.authOrNone(),
                    shape.authOrNone() instanceof Auth.Mtls(String certificate, _)
                                    && certificate != null
                            ? ClientCertificate.of(certificate)
                            : null,
                    shape.caCertificates(),
                    row.status().text(),
                    row.failingSince(),
                    queue,
                    row.createdAt(),
                    row.updatedAt(),
                    secret);
        }
    }

    record RotationDocument(String secret, @Nullable Instant oldSecretUntil) {}

    /**
     * @param overlapSeconds how long the old secret signs too, at most 30 days; a day when not
     *     given
     */
    record RotationShape(@Nullable @Min(0) @Max(2_592_000) Long overlapSeconds) {}

    /** Active at once. The secret is shown here and on rotation only. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    DestinationDocument create(WorkspaceId workspace, @Valid @RequestBody DestinationShape shape) {
        Destinations.Created created = destinations.create(workspace, shape);
        return DestinationDocument.of(created.row(), created.secret().reveal());
    }

    @GetMapping
    Page<DestinationDocument> list(WorkspaceId workspace, Paging paging) {
        Cursor after = paging.after(LIST);
        List<DestinationRow> fetched =
                destinations.after(
                        workspace, after == null ? 0 : after.number(0), paging.limit() + 1);
        return Page.of(fetched, paging, row -> Cursor.of(LIST, row.id()))
                .map(row -> DestinationDocument.of(row, null));
    }

    @GetMapping("/{id}")
    DestinationDocument one(WorkspaceId workspace, @PathVariable String id) {
        DestinationRow row = destinations.find(workspace, id);
        return DestinationDocument.of(row, deliveries.queue(workspace, row.id()), null);
    }

    /** JSON merge patch: a field set to null falls back to its default. */
    @PatchMapping("/{id}")
    DestinationDocument change(
            WorkspaceId workspace, @PathVariable String id, @RequestBody JsonNode patch) {
        return DestinationDocument.of(destinations.change(workspace, id, patch), null);
    }

    /** What it is still owed is cancelled; its deliveries stay readable. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(WorkspaceId workspace, @PathVariable String id) {
        destinations.delete(workspace, id);
    }

    /** From now on items are parked; nothing is lost. */
    @PostMapping("/{id}/pause")
    DestinationDocument pause(WorkspaceId workspace, @PathVariable String id) {
        return DestinationDocument.of(destinations.pause(workspace, id), null);
    }

    /** Parked items are due at once, in their order. Ends gone and disabled, too. */
    @PostMapping("/{id}/resume")
    DestinationDocument resume(WorkspaceId workspace, @PathVariable String id) {
        return DestinationDocument.of(destinations.resume(workspace, id), null);
    }

    /** A real, signed message of type test, sent once, whatever the destination's status. */
    @PostMapping("/{id}/test")
    TestMessages.TestDocument test(WorkspaceId workspace, @PathVariable String id) {
        return tests.send(destinations.find(workspace, id));
    }

    /** What the filter and the transform make of a real profile; nothing is sent. */
    @PostMapping("/{id}/preview")
    Previews.PreviewDocument preview(
            WorkspaceId workspace,
            @PathVariable String id,
            @Valid @RequestBody Previews.PreviewShape shape) {
        return previews.preview(workspace, destinations.find(workspace, id).shape(), shape);
    }

    /** Until the overlap ends every message carries both signatures. */
    @PostMapping("/{id}/rotate-secret")
    RotationDocument rotate(
            WorkspaceId workspace,
            @PathVariable String id,
            @Valid @RequestBody(required = false) @Nullable RotationShape shape) {
        Long seconds = shape == null ? null : shape.overlapSeconds();
        Duration overlap = Duration.ofSeconds(seconds == null ? OVERLAP_SECONDS : seconds);
        Destinations.Created rotated = destinations.rotate(workspace, id, overlap);
        return new RotationDocument(rotated.secret().reveal(), rotated.row().oldSecretUntil());
    }
}
