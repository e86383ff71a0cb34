package io.throughline.identity;

/**
 * What remains of an erased identifier.
 *
 * @param erasedAt epoch milliseconds: what happened until then, this instant included, is forgotten
 * @param suppress what happens later is, too
 */
record Tombstone(long erasedAt, boolean suppress) {
    boolean forbids(long time) {
        return suppress || time <= erasedAt;
    }
}
