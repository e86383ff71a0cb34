package io.throughline.workspace;

import io.throughline.platform.web.Problem;
import org.springframework.http.HttpStatus;

/** What only this module refuses. */
enum WorkspaceProblems implements Problem {
    /** The same for one that does not exist and one that the token may not see. */
    UNKNOWN_WORKSPACE(
            "unknown-workspace", HttpStatus.NOT_FOUND, "The token sees no such workspace");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    WorkspaceProblems(String slug, HttpStatus status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public HttpStatus status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
