package io.throughline.activation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.activation.DeliveryReads.AttemptRow;
import io.throughline.activation.DeliveryReads.DeliveryRow;
import io.throughline.activation.DeliveryReads.Filter;
import io.throughline.activation.WhyReads.Why;
import io.throughline.activation.delivery.WebhookIds;
import io.throughline.activation.webhook.Phases;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ProfileId;
import io.throughline.profile.Visitors;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/deliveries")
@Tag(name = "deliveries")
class DeliveriesController {
    private static final String LIST = "deliveries";
    private static final Set<String> STATUSES =
            Set.of("pending", "succeeded", "dead", "expired", "cancelled");

    private final DeliveryReads deliveries;
    private final Destinations destinations;
    private final WhyReads whys;
    private final Visitors visitors;

    DeliveriesController(
            DeliveryReads deliveries, Destinations destinations, WhyReads whys, Visitors visitors) {
        this.deliveries = deliveries;
        this.destinations = destinations;
        this.whys = whys;
        this.visitors = visitors;
    }

    /** A delivery as clients see it. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record DeliveryDocument(
            String id,
            @Nullable String webhookId,
            String destinationId,
            String profileId,
            String type,
            long version,
            String status,
            Instant createdAt,
            @Nullable Instant nextAt) {
        static DeliveryDocument of(DeliveryRow row) {
            return new DeliveryDocument(
                    Long.toString(row.id()),
                    row.webhookId() == null ? null : WebhookIds.shown(row.webhookId()),
                    row.destination(),
                    ProfileId.encode(row.profile()),
                    row.type(),
                    row.version(),
                    row.status(),
                    row.createdAt(),
                    row.nextAt());
        }
    }

    /** A delivery with its attempts, the oldest first. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record DeliveryDetails(
            String id,
            @Nullable String webhookId,
            String destinationId,
            String profileId,
            String type,
            long version,
            String status,
            Instant createdAt,
            @Nullable Instant nextAt,
            List<AttemptDocument> attempts) {
        static DeliveryDetails of(DeliveryDocument delivery, List<AttemptRow> attempts) {
            return new DeliveryDetails(
                    delivery.id(),
                    delivery.webhookId(),
                    delivery.destinationId(),
                    delivery.profileId(),
                    delivery.type(),
                    delivery.version(),
                    delivery.status(),
                    delivery.createdAt(),
                    delivery.nextAt(),
                    attempts.stream().map(AttemptDocument::of).toList());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record AttemptDocument(
            int number,
            String trigger,
            Instant startedAt,
            @Nullable Integer status,
            @Nullable String error,
            long totalMs,
            @JsonUnwrapped Phases phases,
            @Nullable String peer,
            @Nullable String responseHead,
            boolean truncated) {
        static AttemptDocument of(AttemptRow row) {
            return new AttemptDocument(
                    row.number(),
                    row.trigger(),
                    row.startedAt(),
                    row.status(),
                    row.error(),
                    row.totalMs(),
                    row.phases(),
                    row.peer(),
                    row.response(),
                    row.truncated());
        }
    }

    /** Newest first. */
    @GetMapping
    Page<DeliveryDocument> list(
            WorkspaceId workspace,
            @RequestParam @Nullable String destination,
            @RequestParam @Nullable String profile,
            @RequestParam @Nullable String status,
            @RequestParam @Nullable String from,
            @RequestParam @Nullable String to,
            Paging paging) {
        if (status != null && !STATUSES.contains(status)) {
            throw ProblemException.invalid("status", "must be one of " + STATUSES);
        }
        OptionalLong profileId = OptionalLong.empty();
        if (profile != null) {
            profileId = ProfileId.parse(profile);
            if (profileId.isEmpty()) {
                throw ProblemException.invalid("profile", "must be a profile's id");
            }
        }
        Filter filter =
                new Filter(
                        destination,
                        profileId.isPresent() ? profileId.getAsLong() : null,
                        status,
                        Times.parse("from", from),
                        Times.parse("to", to));
        Cursor after = paging.after(LIST);
        List<DeliveryRow> fetched =
                deliveries.before(
                        workspace,
                        filter,
                        after == null ? Long.MAX_VALUE : after.number(0),
                        paging.limit() + 1);
        return Page.of(fetched, paging, row -> Cursor.of(LIST, row.id())).map(DeliveryDocument::of);
    }

    /** What became of a profile's last update for a destination; see {@link WhyReads.Why}. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record WhyDocument(
            String outcome,
            String profileId,
            String destinationId,
            @Nullable Long version,
            @Nullable String type,
            @Nullable String deliveryId,
            @Nullable Instant since,
            @Nullable Instant next,
            @Nullable String rule,
            @Nullable String reason,
            @Nullable String error) {
        static WhyDocument of(String profile, String destination, Why why) {
            return new WhyDocument(
                    why.outcome(),
                    profile,
                    destination,
                    why.version(),
                    why.type(),
                    why.delivery() == null ? null : Long.toString(why.delivery()),
                    why.since(),
                    why.next(),
                    why.rule(),
                    why.reason(),
                    why.error());
        }
    }

    /**
     * Why a destination was or was not told of a profile's last update.
     *
     * @param profile its id, or an identifier as {@code user_id:42}
     */
    @GetMapping("/why")
    WhyDocument why(
            WorkspaceId workspace, @RequestParam String profile, @RequestParam String destination) {
        DestinationRow row = destinations.find(workspace, destination);
        String live =
                visitors.lookUp(workspace, profile, 1)
                        .orElseThrow(() ->
                                ProblemException.notFound("There is no profile " + profile + "."))
                        .profile()
                        .required("id")
                        .stringValue();
        long number = ProfileId.parse(live).orElseThrow();
        return WhyDocument.of(live, row.publicId(), whys.why(workspace, number, row));
    }

    @GetMapping("/{id}")
    DeliveryDetails one(WorkspaceId workspace, @PathVariable String id) {
        ProblemException missing = ProblemException.notFound("There is no delivery " + id + ".");
        if (!id.matches("\\d{1,18}")) {
            throw missing;
        }
        long number = Long.parseLong(id);
        DeliveryRow row = deliveries.find(workspace, number).orElseThrow(() -> missing);
        return DeliveryDetails.of(DeliveryDocument.of(row), deliveries.attempts(workspace, number));
    }
}
