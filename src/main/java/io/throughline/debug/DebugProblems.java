package io.throughline.debug;

import io.throughline.platform.web.Problem;
import org.springframework.http.HttpStatus;

/** What only this module refuses. */
enum DebugProblems implements Problem {
    TOO_MANY_WATCHERS(
            "too-many-watchers",
            HttpStatus.TOO_MANY_REQUESTS,
            "As many watch live events as may at the same time");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    DebugProblems(String slug, HttpStatus status, String title) {
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
