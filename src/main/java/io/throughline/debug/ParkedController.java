package io.throughline.debug;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ParkedRecords;
import io.throughline.profile.ParkedRecords.Parked;
import io.throughline.profile.ParkedRecords.Scope;
import io.throughline.profile.ParkedRecords.Whole;
import io.throughline.profile.ParkedRetries;
import io.throughline.profile.ParkedRetries.Retried;
import io.throughline.workspace.Callers;
import io.throughline.workspace.Workspace;
import io.throughline.workspace.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/**
 * The records that could not be processed. Those of which nobody knows whose they are may be any
 * workspace's: only the bootstrap token sees them, in {@code default}.
 */
@RestController
@RequestMapping("/api/v1/events/parked")
@Tag(name = "events")
class ParkedController {
    private static final String LIST = "events/parked";
    private static final String RETRIES = "events/parked/retry";
    private static final int PREVIEW = 200;

    private final ParkedRecords records;
    private final ParkedRetries retries;
    private final Callers callers;
    private final Workspaces workspaces;

    ParkedController(
            ParkedRecords records, ParkedRetries retries, Callers callers, Workspaces workspaces) {
        this.records = records;
        this.retries = retries;
        this.callers = callers;
        this.workspaces = workspaces;
    }

    /**
     * A parked record as clients see it.
     *
     * @param workspace null where nobody knows whose it is
     * @param size of the value in bytes
     * @param preview how the value begins; absent for a viewer
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ParkedDocument(
            String id,
            @Nullable String workspace,
            String topic,
            int partition,
            long offset,
            @Nullable String key,
            String reason,
            Instant parkedAt,
            int size,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String preview) {}

    /**
     * A parked record whole.
     *
     * @param encoding {@code json} when the value is JSON in UTF-8, else {@code base64}
     * @param value the value in this encoding; null when the record has none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record WholeDocument(ParkedDocument record, String encoding, @Nullable String value) {}

    /**
     * What became of those that were tried again.
     *
     * @param retried on the log again, and no longer parked
     * @param kept still no events: parked, with the reason of today
     * @param next the cursor of the following part; null when all were tried
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RetryDocument(int retried, int kept, @Nullable String next) {}

    @GetMapping
    @Operation(
            summary = "Records that could not be processed, newest first",
            description = "How a value begins is shown to marketers and admins only.")
    Page<ParkedDocument> list(WorkspaceId workspace, Paging paging, HttpServletRequest request) {
        Cursor after = paging.after(LIST);
        List<Parked> fetched =
                records.before(
                        scope(workspace),
                        after == null ? Long.MAX_VALUE : after.number(0),
                        paging.limit() + 1);
        boolean mayRead = request.isUserInRole("MARKETER");
        return Page.of(fetched, paging, parked -> Cursor.of(LIST, parked.id()))
                .map(parked -> document(parked, mayRead));
    }

    @GetMapping("/{id}")
    @Operation(summary = "A parked record whole; marketers and admins only")
    WholeDocument one(WorkspaceId workspace, @PathVariable String id) {
        Whole whole = records.find(scope(workspace), number(id)).orElseThrow(() -> unknown(id));
        byte[] value = whole.value();
        String json = value == null ? null : json(value);
        return new WholeDocument(
                document(whole.record(), true),
                json == null ? "base64" : "json",
                json != null || value == null ? json : Base64.getEncoder().encodeToString(value));
    }

    @PostMapping("/{id}/retry")
    @Operation(
            summary = "Tries a parked record again",
            description =
                    "It goes to the end of the log as it was. If it fails again it is parked again,"
                            + " under a new id.")
    RetryDocument retry(WorkspaceId workspace, @PathVariable String id) {
        return retries.retry(scope(workspace), number(id))
                .map(retried -> new RetryDocument(retried.retried(), retried.kept(), null))
                .orElseThrow(() -> unknown(id));
    }

    @PostMapping("/retry")
    @Operation(
            summary = "Tries all parked records again, the oldest first, a part at a time",
            description = "Send next back as cursor until it is null. Those parked since are left.")
    RetryDocument retryAll(WorkspaceId workspace, Paging paging) {
        Scope scope = scope(workspace);
        Cursor cursor = paging.after(RETRIES);
        long after = cursor == null ? 0 : cursor.number(0);
        long to = cursor == null ? records.newest(scope) : cursor.number(1);
        Retried part = retries.retry(scope, after, to, paging.limit());
        boolean more = part.retried() + part.kept() == paging.limit() && part.last() < to;
        return new RetryDocument(
                part.retried(),
                part.kept(),
                more ? Cursor.of(RETRIES, part.last(), to).encoded() : null);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Drops a parked record for good")
    void drop(WorkspaceId workspace, @PathVariable String id) {
        if (!records.drop(scope(workspace), number(id))) {
            throw unknown(id);
        }
    }

    private Scope scope(WorkspaceId workspace) {
        return new Scope(
                workspace, workspace.equals(Workspace.DEFAULT) && callers.seesEveryWorkspace());
    }

    private ParkedDocument document(Parked parked, boolean mayRead) {
        WorkspaceId owner = parked.workspace();
        return new ParkedDocument(
                Long.toString(parked.id()),
                owner == null ? null : workspaces.byId(owner).map(Workspace::publicId).orElse(null),
                parked.topic(),
                parked.partition(),
                parked.offset(),
                parked.key(),
                parked.reason(),
                parked.parkedAt(),
                parked.size(),
                mayRead ? preview(parked.head()) : null);
    }

    /** Of text the beginning; what is none shows as replacement characters. */
    private static String preview(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        int end = Math.min(PREVIEW, text.length());
        boolean half = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, half ? end - 1 : end);
    }

    /** The text of what is JSON in UTF-8; null for anything else. */
    private static @Nullable String json(byte[] value) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
            EventCodec.JSON.readTree(text);
            return text;
        } catch (CharacterCodingException | JacksonException | NumberFormatException e) {
            return null;
        }
    }

    private static long number(String id) {
        if (!id.matches("\\d{1,18}")) {
            throw unknown(id);
        }
        return Long.parseLong(id);
    }

    private static ProblemException unknown(String id) {
        return ProblemException.notFound("There is no parked record " + id + ".");
    }
}
