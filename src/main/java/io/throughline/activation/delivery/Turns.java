package io.throughline.activation.delivery;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Who may be under way: as many attempts of this instance to a destination as it is set to, and as
 * many a second as its rate allows. Thread-safe, meant for virtual threads.
 */
final class Turns {
    private final Rates rates;
    private final Map<Long, Gate> gates = new ConcurrentHashMap<>();

    /** Of one destination, as of its present setting. */
    private record Gate(int width, Semaphore free) {}

    Turns(Rates rates) {
        this.rates = rates;
    }

    /** Held while an attempt is under way. */
    record Turn(Semaphore room) implements AutoCloseable {
        @Override
        public void close() {
            room.release();
        }
    }

    /** Returns when one more attempt may start. */
    Turn await(Receiver receiver) throws InterruptedException {
        Semaphore room = gate(receiver).free();
        room.acquire();
        try {
            rates.await(receiver);
            return new Turn(room);
        } catch (InterruptedException | RuntimeException e) {
            room.release();
            throw e;
        }
    }

    private Gate gate(Receiver receiver) {
        int width = receiver.maxConcurrency();
        return Objects.requireNonNull(
                gates.compute(
                        receiver.id(),
                        (_, gate) ->
                                gate != null && gate.width() == width
                                        ? gate
                                        : new Gate(width, new Semaphore(width))));
    }
}
