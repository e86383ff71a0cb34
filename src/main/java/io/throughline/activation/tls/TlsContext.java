package io.throughline.activation.tls;

import java.net.Socket;
import javax.net.ssl.SSLContext;

/** What connections under one configuration are made with. Thread-safe. */
public final class TlsContext {
    private final SSLContext context;
    private final OnlyKey key;

    TlsContext(SSLContext context, OnlyKey key) {
        this.context = context;
        this.key = key;
    }

    public SSLContext context() {
        return context;
    }

    /** Whether the other side of the socket asked for a certificate in its handshake. */
    public boolean wasCertificateAsked(Socket socket) {
        return key.wasAskedBy(socket);
    }
}
