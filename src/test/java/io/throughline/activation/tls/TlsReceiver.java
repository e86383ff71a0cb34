package io.throughline.activation.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A receiver on loopback with TLS that answers 200 and remembers who asked on which connection. */
public final class TlsReceiver implements AutoCloseable {
    private static final char[] PASSWORD = "test".toCharArray();

    private final HttpsServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /**
     * One request.
     *
     * @param client subject of the client's certificate, empty without one
     * @param connection tells connections apart
     */
    public record Asked(String client, int connection, String authorization) {}

    /**
     * @param clients the authority whose certificates clients have to show; null where none is
     *     asked for
     */
    public TlsReceiver(TestCertificate own, @Nullable TestCertificate clients) {
        try {
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SSLContext context = context(own, clients);
            server.setHttpsConfigurator(
                    new HttpsConfigurator(context) {
                        @Override
                        public void configure(HttpsParameters parameters) {
                            SSLParameters ssl = context.getDefaultSSLParameters();
                            ssl.setNeedClientAuth(clients != null);
                            parameters.setSSLParameters(ssl);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private static SSLContext context(TestCertificate own, @Nullable TestCertificate clients)
            throws GeneralSecurityException, IOException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own.keyStore(PASSWORD), PASSWORD);
        TrustManager[] trusted = null;
        if (clients != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("clients", clients.certificate());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            trusted = trust.getTrustManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted, null);
        return context;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(
                    new Asked(
                            client((HttpsExchange) exchange),
                            exchange.getRemoteAddress().getPort(),
                            authorization == null ? "" : authorization));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static String client(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    public URI url(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/hook");
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
