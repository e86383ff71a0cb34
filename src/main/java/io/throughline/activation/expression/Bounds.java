package io.throughline.activation.expression;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much one evaluation may do: steps, depth and the weight of any value, so that the same
 * message always ends the same way; and a time that only what is far beyond ordinary reaches, since
 * a loaded machine must not make a difference. Without them the library runs, and allocates, as
 * long as an expression likes. What happens within one call of a function is not seen from here:
 * {@link BoundedFunctions}.
 */
final class Bounds {
    private static final int STEPS = 100_000;
    private static final int DEPTH = 200;

    /** Of a value with all that is in it, in characters. */
    private static final int WEIGHT = 1_000_000;

    /** What a value weighs that is no text. */
    private static final int NODE = 8;

    /** Of all values that one evaluation makes, in characters. */
    private static final long TOTAL = 4_000_000;

    /** Elements of all lists that are passed on: a path puts together what its steps come to. */
    private static final long PASSED = 1_000_000;

    private static final long NANOS = 500_000_000L;

    private final long end = System.nanoTime() + NANOS;
    private final Map<Object, Integer> weights = new IdentityHashMap<>();
    private int steps;
    private int depth;
    private long total;
    private long passed;

    void limit(Jsonata.Frame frame) {
        frame.setEvaluateEntryCallback((_, _, _) -> enter());
        frame.setEvaluateExitCallback((_, _, _, result) -> leave(result));
    }

    private void enter() {
        if (++steps > STEPS) {
            throw new JException("it takes more than " + STEPS + " steps", -1);
        }
        if (++depth > DEPTH) {
            throw new JException("it calls itself more than " + DEPTH + " deep", -1);
        }
        if (System.nanoTime() - end > 0) {
            throw new JException("it takes too long", -1);
        }
    }

    private void leave(@Nullable Object result) {
        depth--;
        if (result instanceof Pattern) {
            throw new JException("regular expressions are not available", -1);
        }
        if (result instanceof Collection<?> list) {
            passed += list.size();
            if (passed > PASSED) {
                throw new JException("its lists have more than " + PASSED + " elements in all", -1);
            }
        }
        weigh(result);
    }

    /** Parts that were weighed are not looked into again: values are made of earlier ones. */
    private int weigh(@Nullable Object value) {
        return switch (value) {
            case CharSequence text -> made(text, NODE + (long) text.length());
            case Collection<?> list -> composite(list, list, list.size());
            case Map<?, ?> map -> composite(map, map.values(), map.size());
            case null, default -> NODE;
        };
    }

    private int composite(Object value, Collection<?> parts, int size) {
        Integer known = weights.get(value);
        if (known != null) {
            return known;
        }
        long weight = bounded(NODE * (1L + size));
        for (Object part : parts) {
            weight = bounded(weight + weigh(part));
        }
        return made(value, weight);
    }

    /** A value is counted once, however often it is passed on. */
    private int made(Object value, long weight) {
        if (weights.putIfAbsent(value, bounded(weight)) == null) {
            total += weight;
            if (total > TOTAL) {
                throw new JException("it makes more than " + TOTAL + " characters in all", -1);
            }
        }
        return (int) weight;
    }

    /** Throws where a value of this weight is more than there may be. */
    static int bounded(long weight) {
        if (weight > WEIGHT) {
            throw new JException("a value is larger than " + WEIGHT + " characters", -1);
        }
        return (int) weight;
    }
}
