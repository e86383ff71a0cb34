package io.throughline.activation.delivery;

import io.throughline.activation.expression.Tailored;
import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.webhook.Answer.Refusal;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A delivery. A state becomes a row of {@code delivery} with its first attempt; until then its
 * {@link Lane} has all there is to know of it.
 *
 * @param lane where it waits or waited; {@code lane.profile()} differs from the message's own after
 *     a merge
 * @param profile the message's own
 * @param item {@link #STATE} for the state of a version
 * @param position places in the lane, ascending
 * @param webhookId null together with the body
 * @param body null for a state that was not rendered
 * @param refusal why it cannot be sent, {@code body} being the message as it should have been; null
 *     for what can
 */
record Row(
        long id,
        LaneKey lane,
        long profile,
        long version,
        int item,
        long position,
        String type,
        Status status,
        @Nullable UUID webhookId,
        byte @Nullable [] body,
        @Nullable Refusal refusal,
        int attempts,
        @Nullable Instant firstAttemptAt,
        Instant causedAt,
        Instant createdAt,
        @Nullable Instant finishedAt) {
    /** A state is identified by its version alone, whichever item asked for it. */
    static final int STATE = -1;

    /** The type whose items are states: the newest replaces those before it. */
    static final String STATE_TYPE = "profile.updated";

    /** As the column has it. */
    enum Status {
        PENDING,
        SUCCEEDED,
        DEAD,
        EXPIRED,
        CANCELLED
    }

    /**
     * What a lane wants, not rendered.
     *
     * @param state has a position
     */
    static Row state(LaneKey lane, long version, Instant causedAt, Lane.State state) {
        return new Row(
                state.id(),
                lane,
                lane.profile(),
                version,
                STATE,
                Objects.requireNonNull(state.position()),
                STATE_TYPE,
                Status.PENDING,
                null,
                null,
                null,
                0,
                null,
                causedAt,
                state.since(),
                null);
    }

    static Row event(
            long id, LaneKey lane, Matches.Event event, Tailored tailored, Instant createdAt) {
        byte[] body = bytes(tailored);
        return new Row(
                id,
                lane,
                event.update().profile(),
                event.update().version(),
                event.number(),
                id,
                event.item().type(),
                Status.PENDING,
                WebhookIds.of(id, body),
                body,
                refusal(tailored),
                0,
                null,
                event.update().at(),
                createdAt,
                null);
    }

    boolean isState() {
        return item == STATE;
    }

    /** Whether {@code delivery} has it. */
    boolean isStored() {
        return !isState() || attempts > 0;
    }

    Row rendered(Renderer.Rendered state) {
        byte[] rendering = bytes(state.tailored());
        return new Row(
                id,
                lane,
                profile,
                state.version(),
                item,
                position,
                type,
                status,
                WebhookIds.of(id, rendering),
                rendering,
                refusal(state.tailored()),
                attempts,
                firstAttemptAt,
                causedAt,
                createdAt,
                finishedAt);
    }

    /**
     * After one more attempt.
     *
     * @param startedAt of the attempt
     * @param next the lane it is in now
     * @param now when it finished, unless it is pending
     */
    Row attempted(Instant startedAt, Status outcome, LaneKey next, Instant now) {
        return new Row(
                id,
                next,
                profile,
                version,
                item,
                position,
                type,
                outcome,
                webhookId,
                body,
                refusal,
                attempts + 1,
                Objects.requireNonNullElse(firstAttemptAt, startedAt),
                causedAt,
                createdAt,
                outcome == Status.PENDING ? null : now);
    }

    /** Nobody should hear of it any more. */
    Row cancelled(Instant now) {
        return ended(Status.CANCELLED, now);
    }

    /** Without an attempt. */
    Row ended(Status outcome, Instant now) {
        return new Row(
                id,
                lane,
                profile,
                version,
                item,
                position,
                type,
                outcome,
                webhookId,
                body,
                refusal,
                attempts,
                firstAttemptAt,
                causedAt,
                createdAt,
                now);
    }

    /** A row that was never sent, since it could not be, as it would be today. */
    Row tailoredAgain(Tailoring tailoring) {
        ObjectNode message = Body.read(Objects.requireNonNull(body));
        Tailored tailored = tailoring.tailor(message);
        return tailored instanceof Tailored.Withheld
                ? this
                : new Row(
                        id,
                        lane,
                        profile,
                        version,
                        item,
                        position,
                        type,
                        status,
                        WebhookIds.of(id, bytes(tailored)),
                        bytes(tailored),
                        refusal(tailored),
                        attempts,
                        firstAttemptAt,
                        causedAt,
                        createdAt,
                        finishedAt);
    }

    private static byte[] bytes(Tailored tailored) {
        return switch (tailored) {
            case Tailored.Fit(byte[] body) -> body;
            case Tailored.Unfit(_, _, byte[] message) -> message;
            case Tailored.Withheld _ -> throw new IllegalArgumentException("is not owed");
        };
    }

    private static @Nullable Refusal refusal(Tailored tailored) {
        return tailored instanceof Tailored.Unfit(Refusal refusal, _, _) ? refusal : null;
    }
}
