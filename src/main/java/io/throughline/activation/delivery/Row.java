package io.throughline.activation.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A live delivery.
 *
 * @param profile the message's own profile; {@code lane.profile()} differs after a merge
 * @param item {@link #STATE} for the state of a version
 * @param position places in the lane, ascending
 * @param body null for a state that was not rendered yet
 */
record Row(
        long id,
        LaneKey lane,
        long profile,
        long version,
        int item,
        long position,
        String type,
        UUID webhookId,
        byte @Nullable [] body,
        int attempts,
        @Nullable Instant firstAttemptAt,
        Instant causedAt) {
    /** A state is identified by its version alone, whichever item asked for it. */
    static final int STATE = -1;

    /** The type whose items are states: the newest replaces those before it. */
    static final String STATE_TYPE = "profile.updated";

    static Row state(long id, LaneKey lane, long version, Instant causedAt) {
        return new Row(
                id,
                lane,
                lane.profile(),
                version,
                STATE,
                id,
                STATE_TYPE,
                UUID.randomUUID(),
                null,
                0,
                null,
                causedAt);
    }

    static Row event(
            long id,
            LaneKey lane,
            long profile,
            long version,
            int item,
            String type,
            byte[] body,
            Instant causedAt) {
        return new Row(
                id,
                lane,
                profile,
                version,
                item,
                id,
                type,
                UUID.randomUUID(),
                body,
                0,
                null,
                causedAt);
    }

    boolean isState() {
        return item == STATE;
    }

    Row rendered(Renderer.Rendered state) {
        return new Row(
                id,
                lane,
                profile,
                state.version(),
                item,
                position,
                type,
                webhookId,
                state.body(),
                attempts,
                firstAttemptAt,
                causedAt);
    }

    /** A message of its own: a new webhook-id, no attempt yet, at the tail. */
    Row superseded(long newer, Instant newerCausedAt, long tail) {
        return new Row(
                id,
                lane,
                profile,
                newer,
                item,
                tail,
                type,
                UUID.randomUUID(),
                null,
                0,
                null,
                newerCausedAt);
    }
}
