package io.throughline.privacy;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ProfileExport;
import io.throughline.profile.ProfileExport.Subject;
import io.throughline.profile.ProfileId;
import io.throughline.workspace.AuditLog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What is kept of a person, as one archive. */
@RestController
@RequestMapping("/api/v1/profiles")
@Tag(name = "Privacy")
class ExportController {
    private final ProfileExport export;
    private final AuditLog audit;

    ExportController(ProfileExport export, AuditLog audit) {
        this.export = export;
        this.audit = audit;
    }

    @GetMapping("/{id}/export")
    @Operation(
            summary = "What is kept of a person, as JSON lines",
            description =
                    "Each line is {kind, data}: the profile first, then links, unlinks, merges,"
                            + " events newest first, and deliveries with their attempts. An archive"
                            + " that broke off, or whose person was merged, split or erased"
                            + " meanwhile, has no line of kind end.")
    void export(WorkspaceId workspace, @PathVariable String id, HttpServletResponse response)
            throws IOException {
        Subject subject =
                ProfileId.parse(id).stream()
                        .mapToObj(profile -> export.find(workspace, profile))
                        .flatMap(found -> found.stream())
                        .findFirst()
                        .orElseThrow(() -> ProblemException.notFound("There is no such profile."));
        String shown = ProfileId.encode(subject.profile());
        audit.record(workspace, "profile.exported", shown, Map.of());
        response.setContentType("application/x-ndjson");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + shown + ".jsonl\"");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        OutputStream out = new BufferedOutputStream(response.getOutputStream(), 1 << 16);
        if (export.write(subject, (kind, data) -> line(out, kind, data))) {
            line(out, "end", EventCodec.JSON.createObjectNode());
        }
        out.flush();
    }

    private static void line(OutputStream out, String kind, ObjectNode data) throws IOException {
        ObjectNode line = EventCodec.JSON.createObjectNode();
        line.put("kind", kind).set("data", data);
        out.write(line.toString().getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }
}
