package io.throughline.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port on 127.0.0.1 that nobody listens on now; somebody may a moment later. It lies below those
 * that Linux, macOS and Windows give to outgoing connections: clients that knock on a server that
 * is just starting would take one after the other of them, and an engine binds its port seconds
 * later.
 */
final class LoopbackPort {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_767;
    private static final int TRIES = 1_000;

    private LoopbackPort() {}

    /**
     * @throws IllegalStateException when hardly any port is free
     */
    static int free() {
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IllegalStateException("No free port on the loopback address", last);
    }

    /** Another one. */
    static int freeBeside(int taken) {
        int port = free();
        return port == taken ? freeBeside(taken) : port;
    }
}
