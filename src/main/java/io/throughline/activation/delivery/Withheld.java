package io.throughline.activation.delivery;

import java.time.Instant;

/**
 * A message that its destination was not sent.
 *
 * @param lane of the profile it is about
 * @param at when that was decided
 * @param rule what decided: of the destination {@code filter}, {@code filter_error} or {@code
 *     transform}, of the person {@code consent}, {@code suppression} or {@code recent_order}
 * @param reason for people: the condition that does not hold, or a sentence
 */
record Withheld(LaneKey lane, long version, String type, Instant at, String rule, String reason) {
    Withheld newer(Withheld other) {
        return version >= other.version ? this : other;
    }
}
