package io.throughline.platform.web;

import java.net.URI;
import org.springframework.http.HttpStatus;

/**
 * One kind of refusal that a client can recognise, RFC 9457. Each module lists its own in an enum;
 * {@code docs/problems.md} lists all of them and a test compares the two.
 */
public interface Problem {
    /** Stable for ever, lower-case words joined by hyphens, unique in the whole server. */
    String slug();

    HttpStatus status();

    /** The same sentence for every occurrence; what is particular goes into the detail. */
    String title();

    /**
     * The RFC 9457 {@code type}. A URN, not a path: the same wherever the server is installed and
     * never resolved against the address of the request.
     */
    default URI type() {
        return URI.create("urn:throughline:problem:" + slug());
    }
}
