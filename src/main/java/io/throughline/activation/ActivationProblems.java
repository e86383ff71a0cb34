package io.throughline.activation;

import io.throughline.platform.web.Problem;
import org.springframework.http.HttpStatus;

/** What only this module refuses. */
enum ActivationProblems implements Problem {
    FORBIDDEN_ADDRESS(
            "forbidden-address",
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Webhooks may not be sent to this address"),
    NOTHING_TO_REPLAY(
            "nothing-to-replay", HttpStatus.CONFLICT, "The delivery cannot be sent again"),
    INVALID_URL(
            "invalid-url", HttpStatus.BAD_REQUEST, "The URL is not one webhooks can be sent to");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    ActivationProblems(String slug, HttpStatus status, String title) {
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
