package io.throughline.activation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.activation.ReplayRequests.Replay;
import io.throughline.activation.ReplayRequests.Wanted;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/destinations/{destination}")
@Tag(name = "destinations")
class ReplaysController {
    private static final int NEWEST = 100;

    private final Destinations destinations;
    private final ReplayRequests replays;

    ReplaysController(Destinations destinations, ReplayRequests replays) {
        this.destinations = destinations;
        this.replays = replays;
    }

    /**
     * One of: a delivery, a range of creation times, or all that failed.
     *
     * @param deliveryId one delivery, whatever became of it
     * @param from first moment of creation
     * @param to first moment of creation that is too late
     * @param status {@code failed}: dead, or pending after a failed attempt
     */
    record ReplayShape(
            @Nullable String deliveryId,
            @Nullable String from,
            @Nullable String to,
            @Nullable String status) {
        Wanted wanted() {
            boolean range = from != null || to != null;
            int given = (deliveryId == null ? 0 : 1) + (range ? 1 : 0) + (status == null ? 0 : 1);
            if (given != 1) {
                throw ProblemException.invalid(
                        "body", "must have one of deliveryId, from and to, or status");
            }
            if (deliveryId != null) {
                return new Wanted.One(deliveryId);
            }
            if (range) {
                Instant first = Times.parse("from", from);
                Instant end = Times.parse("to", to);
                if (first != null && end != null && !first.isBefore(end)) {
                    throw ProblemException.invalid("to", "must be after from");
                }
                return new Wanted.Range(first, end);
            }
            if (!"failed".equals(status)) {
                throw ProblemException.invalid("status", "must be failed");
            }
            return new Wanted.Failed();
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ReplayDocument(
            String id,
            String status,
            int sent,
            int failed,
            int skipped,
            Instant createdAt,
            @Nullable Instant finishedAt) {
        static ReplayDocument of(Replay replay) {
            return new ReplayDocument(
                    replay.id(),
                    replay.status(),
                    replay.sent(),
                    replay.failed(),
                    replay.skipped(),
                    replay.createdAt(),
                    replay.finishedAt());
        }
    }

    /**
     * Sent again in the background, with the same webhook-id and bytes and webhook-replay: true.
     */
    @PostMapping("/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ReplayDocument replay(
            WorkspaceId workspace,
            @PathVariable String destination,
            @RequestBody ReplayShape shape) {
        DestinationRow row = destinations.find(workspace, destination);
        return ReplayDocument.of(replays.add(workspace, row, shape.wanted()));
    }

    /** The newest hundred, on one page. */
    @GetMapping("/replays")
    Page<ReplayDocument> list(WorkspaceId workspace, @PathVariable String destination) {
        DestinationRow row = destinations.find(workspace, destination);
        List<Replay> newest = replays.newest(workspace, row, NEWEST);
        return new Page<>(newest, null).map(ReplayDocument::of);
    }

    @GetMapping("/replays/{id}")
    ReplayDocument one(
            WorkspaceId workspace, @PathVariable String destination, @PathVariable String id) {
        DestinationRow row = destinations.find(workspace, destination);
        return ReplayDocument.of(replays.find(workspace, row, id));
    }

    @PostMapping("/replays/{id}/pause")
    ReplayDocument pause(
            WorkspaceId workspace, @PathVariable String destination, @PathVariable String id) {
        DestinationRow row = destinations.find(workspace, destination);
        return ReplayDocument.of(replays.pause(workspace, row, id));
    }

    @PostMapping("/replays/{id}/resume")
    ReplayDocument resume(
            WorkspaceId workspace, @PathVariable String destination, @PathVariable String id) {
        DestinationRow row = destinations.find(workspace, destination);
        return ReplayDocument.of(replays.resume(workspace, row, id));
    }
}
