package io.throughline.activation.expression;

import io.throughline.activation.expression.Filter.Decision.NoMatch;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.event.EventCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How messages are tailored to one destination: which it gets, and in which form.
 *
 * @param filter null where it gets all of its types
 * @param transform null where it gets messages as they are
 */
public record Tailoring(@Nullable Filter filter, @Nullable Transform transform) {
    public static final Tailoring NONE = new Tailoring(null, null);

    /** Stands for expressions that this version cannot read: nothing is sent, all of it is kept. */
    public static final Tailoring UNUSABLE = new Tailoring(null, unusable());

    /** Of a transformed body. */
    private static final int LARGEST = 256 * 1024;

    /**
     * @throws InvalidExpressionException of the filter, then of the transform
     */
    public static Tailoring compile(@Nullable String filter, @Nullable String transform)
            throws InvalidExpressionException {
        return filter == null && transform == null
                ? NONE
                : new Tailoring(
                        filter == null ? null : Filter.compile(filter),
                        transform == null ? null : Transform.compile(transform));
    }

    private static Transform unusable() {
        try {
            return Transform.compile("$error(\"this version cannot read it\")");
        } catch (InvalidExpressionException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isNone() {
        return filter == null && transform == null;
    }

    /**
     * @param message {@code {type, timestamp, data}}
     */
    public Tailored tailor(ObjectNode message) {
        if (filter != null
                && filter.decide(message) instanceof NoMatch(String clause, String error)) {
            return error == null
                    ? new Tailored.Withheld("filter", clause)
                    : new Tailored.Withheld("filter_error", clause + ": " + error);
        }
        if (transform == null) {
            return new Tailored.Fit(EventCodec.JSON.writeValueAsBytes(message));
        }
        return switch (transform.apply(message)) {
            case Transform.Result.Nothing() ->
                    new Tailored.Withheld("transform", "the transform came to nothing");
            case Transform.Result.Failed(String reason) ->
                    unfit(Refusal.TRANSFORM, reason, message);
            case Transform.Result.Body(var body) -> {
                byte[] bytes = EventCodec.JSON.writeValueAsBytes(body);
                yield bytes.length <= LARGEST
                        ? new Tailored.Fit(bytes)
                        : unfit(
                                Refusal.TOO_LARGE,
                                "the transform came to more than " + LARGEST + " bytes",
                                message);
            }
        };
    }

    private static Tailored unfit(Refusal refusal, String reason, ObjectNode message) {
        return new Tailored.Unfit(refusal, reason, EventCodec.JSON.writeValueAsBytes(message));
    }
}
