package io.throughline.collect.sdk;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves one file from memory to every website. A browser asks for the current one again after five
 * minutes, and goes on with the one it has for a week while the server is away.
 */
final class SdkServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String CURRENT = "/throughline.js";
    private static final String SHORT =
            "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final Pattern GZIP =
            Pattern.compile(
                    "(?i)(?:^|,)\\s*(?:x-)?gzip\\s*(?:;(?!\\s*q=0(?:\\.0*)?\\s*(?:,|$))|,|$)");
    private static final int LONGEST_HEADER = 1_000;

    private final transient SdkFile file;

    /** Weak, because both encodings have it. */
    private final String tag;

    SdkServlet(SdkFile file) {
        this.file = file;
        this.tag = "W/\"" + file.hash() + "\"";
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean current = CURRENT.equals(request.getServletPath());
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", current ? SHORT : FOR_EVER);
        response.setHeader("Vary", "Accept-Encoding");
        response.setHeader("ETag", tag);
        if (isKnown(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        boolean gzip = takesGzip(request.getHeader("Accept-Encoding"));
        byte[] body = gzip ? file.gzip() : file.plain();
        if (gzip) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentType("text/javascript;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private boolean isKnown(@Nullable String tags) {
        return tags != null && (tags.strip().equals("*") || tags.contains('"' + file.hash() + '"'));
    }

    static boolean takesGzip(@Nullable String encodings) {
        return encodings != null
                && encodings.length() <= LONGEST_HEADER
                && GZIP.matcher(encodings).find();
    }
}
