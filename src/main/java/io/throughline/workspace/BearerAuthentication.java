package io.throughline.workspace;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** The caller of the current request, proven by a bearer token that is nowhere kept. */
final class BearerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient Token token;

    BearerAuthentication(Token token) {
        super(authorities(token.role()));
        this.token = token;
        setAuthenticated(true);
    }

    /** The token of the current request; empty outside of one. */
    static Optional<Token> current() {
        return SecurityContextHolder.getContext().getAuthentication()
                        instanceof BearerAuthentication bearer
                ? Optional.of(bearer.token)
                : Optional.empty();
    }

    /** An admin may do what a marketer may, a marketer what a viewer may. */
    private static List<GrantedAuthority> authorities(TokenRole role) {
        return Arrays.stream(TokenRole.values())
                .filter(role::includes)
                .map(each -> (GrantedAuthority) new SimpleGrantedAuthority("ROLE_" + each))
                .toList();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return token.publicId();
    }
}
