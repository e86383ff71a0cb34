package io.throughline.activation.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the destination's one certificate to whoever asks for one. The JDK's own would keep it back
 * where the server names an issuer that the chain does not show, and nobody would know why.
 *
 * <p>Remembers by which sockets it was asked: under TLS 1.3 a receiver refuses a certificate, or
 * that there is none, only after the handshake is over for the client.
 */
final class OnlyKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final List<X509Certificate> chain;
    private final @Nullable PrivateKey key;
    private final Set<Socket> askedBy =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    OnlyKey(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    private OnlyKey() {
        this.chain = List.of();
        this.key = null;
    }

    static OnlyKey none() {
        return new OnlyKey();
    }

    boolean wasAskedBy(Socket socket) {
        return askedBy.contains(socket);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        if (socket != null) {
            askedBy.add(socket);
        }
        return key != null && Arrays.asList(keyTypes).contains(key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return key != null && keyType.equals(key.getAlgorithm()) ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
