package io.throughline.platform.web;

import org.springframework.http.HttpStatus;

/** What can go wrong with any request, whatever it is about. */
public enum WebProblems implements Problem {
    INVALID_REQUEST("invalid-request", HttpStatus.BAD_REQUEST, "A field or parameter is not valid"),
    MALFORMED_BODY("malformed-body", HttpStatus.BAD_REQUEST, "The body is not readable JSON"),
    INVALID_CURSOR("invalid-cursor", HttpStatus.BAD_REQUEST, "The cursor is not one of this list"),
    UNAUTHENTICATED("unauthenticated", HttpStatus.UNAUTHORIZED, "A valid bearer token is needed"),
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "The token's role does not allow this"),
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is nothing here"),
    METHOD_NOT_ALLOWED(
            "method-not-allowed",
            HttpStatus.METHOD_NOT_ALLOWED,
            "The resource does not know this method"),
    NOT_ACCEPTABLE(
            "not-acceptable",
            HttpStatus.NOT_ACCEPTABLE,
            "The answer has no form that the client accepts"),
    CONFLICT("conflict", HttpStatus.CONFLICT, "The change contradicts what is stored"),
    CONTENT_TOO_LARGE("content-too-large", HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body must be application/json"),
    /** Any other refusal of the container or the framework; the status says which. */
    BAD_REQUEST("bad-request", HttpStatus.BAD_REQUEST, "The request cannot be understood"),
    INTERNAL_ERROR("internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "The server made a mistake"),
    UNAVAILABLE(
            "unavailable",
            HttpStatus.SERVICE_UNAVAILABLE,
            "An engine that the answer needs does not answer");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    WebProblems(String slug, HttpStatus status, String title) {
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
