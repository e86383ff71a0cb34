package io.throughline.workspace;

import io.throughline.platform.crypto.Sha256;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/**
 * Lets a bearer token in, or answers 401 and 403 as problems. Looks the token up in memory; nothing
 * here waits for the database.
 */
class Gate implements AuthenticationManager, AuthenticationEntryPoint, AccessDeniedHandler {
    private static final String SCHEME = "Bearer ";

    private final LiveDirectory directory;
    private final TokenUse use;
    private final ProblemWriter problems;

    Gate(LiveDirectory directory, TokenUse use, ProblemWriter problems) {
        this.directory = directory;
        this.use = use;
        this.problems = problems;
    }

    /** The token of the request, not yet looked at; null when there is none. */
    static @Nullable Authentication presented(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        return new PreAuthenticatedAuthenticationToken(
                "bearer", header.substring(SCHEME.length()).strip());
    }

    @Override
    public Authentication authenticate(Authentication presented) {
        String text = String.valueOf(presented.getCredentials());
        Token token = directory.get().tokensByHash().get(Sha256.hex(text));
        if (token == null) {
            throw new BadCredentialsException("unknown token");
        }
        use.note(token.id());
        return new BearerAuthentication(token);
    }

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException reason) {
        boolean wrong = reason instanceof BadCredentialsException;
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE, wrong ? "Bearer error=\"invalid_token\"" : "Bearer");
        problems.write(
                response,
                new ProblemException(
                        WebProblems.UNAUTHENTICATED,
                        wrong
                                ? "The token is unknown or was revoked."
                                : "Send Authorization: Bearer <token>."));
    }

    @Override
    public void handle(
            HttpServletRequest request,
            HttpServletResponse response,
            AccessDeniedException reason) {
        String role =
                BearerAuthentication.current().map(token -> token.role().text()).orElse("none");
        problems.write(
                response,
                new ProblemException(
                        WebProblems.FORBIDDEN,
                        "The role " + role + " may not " + request.getMethod() + " here."));
    }
}
