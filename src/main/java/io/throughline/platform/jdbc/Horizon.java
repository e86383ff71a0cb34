package io.throughline.platform.jdbc;

/**
 * Waiting for transactions that may not have seen a change. After the change was committed, a new
 * transaction stores its own number; once every transaction of a lower number has ended, nobody is
 * left who decides by what was before.
 */
public final class Horizon {
    private Horizon() {}

    /**
     * A condition: everything older than the number is over. Not for null.
     *
     * <p>A number that is yet to come is of another database, from which this one was restored:
     * nobody is left of then. That makes it a question for a statement of its own, after the row
     * was locked: one that waits for a row's lock sees the row's new number with a snapshot from
     * before, in which that number is yet to come.
     *
     * @param column of type {@code xid8}
     */
    public static String isPassed(String column) {
        return "(%1$s < pg_snapshot_xmin(pg_current_snapshot()) or %1$s >= pg_snapshot_xmax(pg_current_snapshot()))"
                .formatted(column);
    }
}
