package io.throughline.activation.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
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

/** Apache HttpClient with everything off that would act on a receiver's word. */
final class GuardedHttp {
    /** Across all destinations; each has its own, much smaller, limit before this one. */
    private static final int SOCKETS = 2_000;

    private GuardedHttp() {}

    static CloseableHttpClient client() {
        return HttpClients.custom()
                .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setDnsResolver(new NoResolver())
                                .setConnectionFactory(strict())
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
