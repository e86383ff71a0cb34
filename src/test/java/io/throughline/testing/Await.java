package io.throughline.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, not for a time. */
public final class Await {
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    private Await() {}

    /** Returns as soon as the condition holds; fails with the description when it never does. */
    public static void until(Duration patience, Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + patience + " in vain: " + what.get());
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
