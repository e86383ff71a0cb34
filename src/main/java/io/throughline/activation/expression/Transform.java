package io.throughline.activation.expression;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.throughline.event.EventCodec;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes another body of a message, in JSONata. Its input is the whole message: {@code type}, {@code
 * timestamp} and {@code data}. Its {@code $now()} is the message's {@code timestamp}; it has no
 * regular expressions and no {@code $eval}, and ends where {@link Bounds} end it. Thread-safe.
 */
public final class Transform {
    /** Of a transform's text, in characters. */
    public static final int LONGEST = 20_000;

    private final String source;
    private final Jsonata expression;

    private Transform(String source, Jsonata expression) {
        this.source = source;
        this.expression = expression;
    }

    /** What becomes of a message. */
    public sealed interface Result {
        /**
         * @param body an object or an array
         */
        record Body(JsonNode body) implements Result {}

        /** The expression came to nothing: the message is not for this destination. */
        record Nothing() implements Result {}

        /**
         * @param reason where and why it failed, a sentence
         */
        record Failed(String reason) implements Result {}
    }

    /**
     * @throws InvalidExpressionException where it stops being an expression
     */
    public static Transform compile(String source) throws InvalidExpressionException {
        try {
            return new Transform(source, Jsonata.jsonata(source));
        } catch (JException e) {
            throw InvalidExpressionException.at(source, e.getLocation(), sentence(e));
        } catch (RuntimeException | StackOverflowError e) {
            // the library's own faults, met on odd sources
            throw new InvalidExpressionException(1, 1, "this is no JSONata expression");
        }
    }

    /**
     * @param message {@code {type, timestamp, data}}
     */
    public Result apply(ObjectNode message) {
        try {
            Jsonata.Frame frame = expression.createFrame();
            new Bounds().limit(frame);
            BoundedFunctions.bind(frame, time(message));
            return result(expression.evaluate(Message.of(message, null), frame));
        } catch (JException e) {
            return failed(e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return e.getCause() instanceof JException cause
                    ? failed(cause)
                    : new Result.Failed(
                            "it could not be evaluated (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Of the message: the same one is made of it whenever that happens. */
    private static Instant time(ObjectNode message) {
        return Instant.parse(message.required("timestamp").stringValue());
    }

    private Result failed(JException e) {
        return new Result.Failed(
                e.getLocation() < 0
                        ? sentence(e)
                        : InvalidExpressionException.at(source, e.getLocation(), sentence(e))
                                .reason());
    }

    private static Result result(@Nullable Object value) {
        if (value == null) {
            return new Result.Nothing();
        }
        if (!(value instanceof Map<?, ?>) && !(value instanceof Iterable<?>)) {
            return new Result.Failed("it came to neither an object nor an array");
        }
        try {
            return new Result.Body(EventCodec.JSON.valueToTree(value));
        } catch (JacksonException | IllegalArgumentException | StackOverflowError e) {
            return new Result.Failed("it came to something that is not JSON, such as a function");
        }
    }

    private static String sentence(JException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("JSonataException ") ? e.getError() : message;
    }
}
