package io.throughline.demo;

import io.throughline.platform.web.Problem;
import org.springframework.http.HttpStatus;

/** What only this module refuses. */
enum DemoProblems implements Problem {
    UNSIGNED_WEBHOOK(
            "unsigned-webhook",
            HttpStatus.UNAUTHORIZED,
            "The webhook does not carry the destination's signature");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    DemoProblems(String slug, HttpStatus status, String title) {
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
