package io.throughline.activation.webhook;

import io.throughline.activation.tls.TlsContext;
import io.throughline.activation.tls.TlsContexts;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Stopwatch.Phase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.impl.io.DefaultClassicHttpResponseFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.message.LazyLaxLineParser;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Apache HttpClient with everything off that would act on a receiver's word. Every request has a
 * {@link ConnectionOwner} and a {@link Stopwatch} in its context.
 */
final class GuardedHttp {
    /** Across all destinations; each has its own, much smaller, limit before this one. */
    private static final int SOCKETS = 2_000;

    private static final String CERTIFICATE_ASKED = "throughline.certificate-asked";

    private GuardedHttp() {}

    /**
     * Where on the way it ended. A receiver that asked for a certificate and does not take the
     * given one, or misses one, breaks the connection after the handshake: that is TLS.
     */
    static Failure failure(Exception e, HttpContext context) {
        Failure failure = failure(e);
        return failure == Failure.RESET && context.getAttribute(CERTIFICATE_ASKED) != null
                ? Failure.TLS
                : failure;
    }

    private static Failure failure(Exception e) {
        return switch (e) {
            case ConnectTimeoutException _ -> Failure.TIMEOUT;
            case InterruptedIOException _ -> Failure.TIMEOUT;
            case ConnectException _ -> Failure.CONNECT;
            case NoRouteToHostException _ -> Failure.CONNECT;
            case SSLException _ -> Failure.TLS;
            case ClientProtocolException _ -> Failure.PROTOCOL;
            case MessageConstraintException _ -> Failure.PROTOCOL;
            case RuntimeException _ -> Failure.PROTOCOL;
            case IOException io when io.getCause() instanceof HttpException -> Failure.PROTOCOL;
            default -> Failure.RESET;
        };
    }

    static CloseableHttpClient client() {
        return HttpClients.custom()
                .setConnectionManager(
                        new Connections()
                                .setDnsResolver(new NoResolver())
                                .setConnectionFactory(strict())
                                .setTlsSocketStrategy(new OwnersTls())
                                // the lax pool closes a free connection of another destination
                                // at the same host; this one leaves it to its own
                                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                                .setMaxConnTotal(SOCKETS)
                                .setMaxConnPerRoute(SOCKETS)
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(Timeout.ofSeconds(10))
                                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                                .setTimeToLive(TimeValue.ofMinutes(5))
                                                .build())
                                .build())
                .setRequestExecutor(new FewHints())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableAuthCaching()
                .disableConnectionState()
                .disableDefaultUserAgent()
                .evictIdleConnections(TimeValue.ofSeconds(15))
                .evictExpiredConnections()
                .build();
    }

    /**
     * What does not start with a status line is no HTTP: the default passes over it, and then says
     * that nothing came. Headers stay as lenient as the default has them.
     */
    private static ManagedHttpClientConnectionFactory strict() {
        return ManagedHttpClientConnectionFactory.builder()
                .responseParserFactory(
                        new DefaultHttpResponseParserFactory(
                                LazyLaxLineParser.INSTANCE,
                                DefaultClassicHttpResponseFactory.INSTANCE))
                .build();
    }

    /** A receiver that sends 103 for ever would have a core of ours until the deadline. */
    private static final class FewHints extends HttpRequestExecutor {
        private static final int MOST = 20;

        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                @Nullable HttpResponseInformationCallback told,
                HttpContext context)
                throws IOException, HttpException {
            AtomicInteger hints = new AtomicInteger();
            return super.execute(
                    request,
                    connection,
                    (hint, _, _) -> {
                        if (hints.incrementAndGet() > MOST) {
                            throw new ProtocolException("more than " + MOST + " answers of 1xx");
                        }
                    },
                    context);
        }
    }

    private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver resolver, TlsSocketStrategy tls) {
            return new TimedOperator(
                    ports, resolver, scheme -> URIScheme.HTTPS.same(scheme) ? tls : null);
        }
    }

    private static final class TimedOperator extends DefaultHttpClientConnectionOperator {
        TimedOperator(
                SchemePortResolver ports,
                DnsResolver resolver,
                Lookup<@Nullable TlsSocketStrategy> tls) {
            super(ports, resolver, tls);
        }

        @Override
        protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
            Stopwatch.of(context).begin(Phase.CONNECT);
        }

        @Override
        protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
            Stopwatch.of(context).end(Phase.CONNECT);
        }

        @Override
        protected void onBeforeTlsHandshake(HttpContext context, HttpHost host) {
            Stopwatch.of(context).begin(Phase.TLS);
        }

        @Override
        protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
            Stopwatch.of(context).end(Phase.TLS);
        }
    }

    /** The TLS of whose connection it will be; the name in the certificate is checked. */
    private static final class OwnersTls implements TlsSocketStrategy {
        private final TlsContexts contexts = new TlsContexts();

        @Override
        public SSLSocket upgrade(
                Socket socket,
                String target,
                int port,
                @Nullable Object attachment,
                HttpContext context)
                throws IOException {
            TlsContext tls;
            try {
                tls = contexts.of(ConnectionOwner.of(context).tls());
            } catch (IllegalArgumentException e) {
                throw new SSLException("the destination's TLS settings cannot be used", e);
            }
            SSLSocket upgraded;
            try {
                upgraded =
                        new DefaultClientTlsStrategy(tls.context())
                                .upgrade(socket, target, port, attachment, context);
            } catch (SocketException e) {
                // a receiver may close on what it reads before the last of it is written
                throw new SSLException("the connection broke in the handshake", e);
            }
            if (tls.wasCertificateAsked(upgraded)) {
                context.setAttribute(CERTIFICATE_ASKED, true);
            }
            return upgraded;
        }
    }

    /** Targets carry their checked address; a look-up here would be one that nobody checked. */
    private static final class NoResolver implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("unchecked look-up of " + host);
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            throw new UnknownHostException("unchecked look-up of " + host);
        }
    }
}
