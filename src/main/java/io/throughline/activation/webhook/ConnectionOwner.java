package io.throughline.activation.webhook;

import io.throughline.activation.tls.TlsSettings;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Who may use a connection: one destination with one TLS configuration. It is the state of a pooled
 * connection, and what a new one is made with is read from it and from nowhere else, so that no
 * connection serves another certificate or trusts another authority than its request's.
 */
record ConnectionOwner(long destination, TlsSettings tls) {
    static ConnectionOwner of(HttpContext context) {
        Object token = HttpClientContext.cast(context).getUserToken();
        if (token instanceof ConnectionOwner owner) {
            return owner;
        }
        throw new IllegalStateException("a request without an owner");
    }

    void into(HttpClientContext context) {
        context.setUserToken(this);
    }
}
