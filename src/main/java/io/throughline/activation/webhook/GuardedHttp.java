package io.throughline.activation.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

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
