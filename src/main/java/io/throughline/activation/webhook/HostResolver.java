package io.throughline.activation.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JVM's resolver with a deadline. Look-ups run on platform threads of their own: they block in
 * native code, where a virtual thread would hold its carrier and with it every other destination.
 */
final class HostResolver implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("webhook-dns-", 0).factory());

    /**
     * Every address of the host, IPv4 first.
     *
     * @throws TimeoutException when the resolver does not answer in time
     */
    List<InetAddress> resolve(String host, Duration deadline)
            throws UnknownHostException, TimeoutException, InterruptedException {
        if (isLiteral(host)) {
            return List.of(InetAddress.getAllByName(host));
        }
        Future<InetAddress[]> lookUp = threads.submit(() -> InetAddress.getAllByName(host));
        try {
            List<InetAddress> addresses =
                    new ArrayList<>(
                            List.of(lookUp.get(deadline.toMillis(), TimeUnit.MILLISECONDS)));
            addresses.sort(Comparator.comparingInt(address -> address.getAddress().length));
            return addresses;
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(e.getCause());
            throw unknown;
        }
    }

    /** An address, not a name: no resolver is asked. */
    static boolean isLiteral(String host) {
        return host.startsWith("[")
                || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
