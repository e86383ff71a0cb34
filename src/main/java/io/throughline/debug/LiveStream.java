package io.throughline.debug;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends what waits for a watcher until one of the two is gone: on the request's own thread, which
 * costs nothing while it waits. A reader that takes nothing ends it when the container's write
 * times out (a minute).
 */
final class LiveStream {
    private static final Duration TICK = Duration.ofSeconds(1);

    /**
     * Often, because only the second write to somebody who has gone fails: a page that is loaded
     * anew soon gives back its place.
     */
    private static final int TICKS_PER_HEARTBEAT = 2;

    private final Watcher watcher;
    private final BooleanSupplier welcome;
    private final OutputStream out;

    /**
     * @param welcome whether it may go on, asked every second
     */
    LiveStream(Watcher watcher, BooleanSupplier welcome, OutputStream out) {
        this.watcher = watcher;
        this.welcome = welcome;
        this.out = out;
    }

    static void headers(HttpServletResponse response) {
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // a proxy that gathers what it passes on would make it anything but live
        response.setHeader("X-Accel-Buffering", "no");
    }

    /**
     * @throws IOException when the reader is gone
     */
    void run(ObjectNode hello) throws IOException, InterruptedException {
        out.write(LiveMessages.message("hello", hello));
        out.flush();
        long lastTick = System.nanoTime();
        int silent = 0;
        while (watcher.ended() == null) {
            byte[] message = watcher.next(TICK);
            boolean wrote = message != null;
            if (message != null) {
                out.write(message);
            }
            if (System.nanoTime() - lastTick >= TICK.toNanos() || !wrote) {
                lastTick = System.nanoTime();
                wrote |= tick();
                silent = wrote ? 0 : silent + 1;
            }
            if (silent == TICKS_PER_HEARTBEAT) {
                out.write(LiveMessages.HEARTBEAT);
                wrote = true;
                silent = 0;
            }
            if (wrote && !watcher.hasMore()) {
                out.flush();
            }
        }
        out.write(LiveMessages.end(String.valueOf(watcher.ended())));
        out.flush();
    }

    /** Whether there was something to say. */
    private boolean tick() throws IOException {
        if (!welcome.getAsBoolean()) {
            watcher.end("token-revoked");
        }
        long missed = watcher.takeMissed();
        if (missed > 0) {
            out.write(LiveMessages.missed(missed));
        }
        return missed > 0;
    }
}
