package io.throughline.activation.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A context for each configuration, built once and forgotten when it was not used for an hour. A
 * context has its own TLS sessions, so that none is resumed under other settings. Thread-safe.
 */
public final class TlsContexts {
    private static final int MOST = 10_000;

    private final Cache<TlsSettings, TlsContext> built =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(Duration.ofHours(1)).build();

    /**
     * @throws IllegalArgumentException the settings cannot be used: they were checked when they
     *     were stored, so somebody else wrote them
     */
    public TlsContext of(TlsSettings settings) {
        return built.get(settings, TlsContexts::build);
    }

    private static TlsContext build(TlsSettings settings) {
        try {
            OnlyKey key = key(settings);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {key}, authorities(settings), null);
            return new TlsContext(context, key);
        } catch (UnusablePemException e) {
            throw new IllegalArgumentException("a stored PEM " + e.reason(), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("no TLS is possible with these certificates", e);
        }
    }

    private static OnlyKey key(TlsSettings settings) throws UnusablePemException {
        return settings.certificate() == null || settings.privateKey() == null
                ? OnlyKey.none()
                : new OnlyKey(
                        Certificates.parse(settings.certificate()),
                        ClientKey.parse(settings.privateKey()).key());
    }

    private static TrustManager @Nullable [] authorities(TlsSettings settings)
            throws UnusablePemException, GeneralSecurityException, IOException {
        if (settings.caCertificates() == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : Certificates.parse(settings.caCertificates())) {
            store.setCertificateEntry("ca" + number++, authority);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }
}
