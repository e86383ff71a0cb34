package io.throughline.platform.time;

/**
 * Lets through at most so many in each second, counted in seconds that follow each other: of two
 * that touch, the bound may be used up at the end of the first and the beginning of the next.
 * Thread-safe, never blocks for long.
 */
public final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private long second = Long.MIN_VALUE;
    private int used;

    /**
     * @param perSecond at least 1
     */
    public Pace(int perSecond) {
        this.most = perSecond;
    }

    /**
     * @param nanoTime now, as {@link System#nanoTime()} has it
     */
    public synchronized boolean allows(long nanoTime) {
        long now = Math.floorDiv(nanoTime, SECOND);
        if (now != second) {
            second = now;
            used = 0;
        }
        if (used == most) {
            return false;
        }
        used++;
        return true;
    }
}
