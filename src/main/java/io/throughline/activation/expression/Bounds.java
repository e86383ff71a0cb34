package io.throughline.activation.expression;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Jsonata.JFunctionCallable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much one evaluation may do: steps, depth and the weight of any value, so that the same
 * message always ends the same way; and a time that only what is far beyond ordinary reaches, since
 * a loaded machine must not make a difference. Without them the library runs, and allocates, as
 * long as an expression likes.
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

    /** Product of the lengths of a text and what is looked for in it. */
    private static final long LONGEST_SEARCH = 50_000_000;

    private static final int DIGITS = 100;

    /** Of a picture of a date or a number, in characters. */
    private static final int PICTURE = 100;

    private static final Pattern WIDE = Pattern.compile("[1-9][0-9]{3}");

    private static final long NANOS = 500_000_000L;

    private final Instant now;
    private long total;
    private long passed;

    private final long end = System.nanoTime() + NANOS;
    private final Map<Object, Integer> weights = new IdentityHashMap<>();
    private int steps;
    private int depth;

    /**
     * @param now of the expression's clock
     */
    Bounds(Instant now) {
        this.now = now;
    }

    void limit(Jsonata.Frame frame) {
        frame.setEvaluateEntryCallback((_, _, _) -> enter());
        frame.setEvaluateExitCallback((_, _, _, result) -> leave(result));
        bind(frame, "pad", "<s-ns?:s>", (_, arguments) -> pad(arguments));
        bind(frame, "join", "<a<s>s?:s>", (_, arguments) -> join(arguments));
        bind(frame, "replace", "<s-(sf)(sf)n?:s>", (_, arguments) -> replace(arguments));
        bind(frame, "now", "<s?s?:s>", (_, arguments) -> now(arguments));
        bind(frame, "millis", "<:n>", (_, _) -> now.toEpochMilli());
        pictures(frame);
        searches(frame);
        bind(
                frame,
                "eval",
                "<sx?:x>",
                (_, _) -> {
                    throw new JException("$eval is not available", -1);
                });
    }

    private static void bind(
            Jsonata.Frame frame, String name, String signature, JFunctionCallable function) {
        frame.bind(name, new JFunction(function, signature));
    }

    /** The library pads to the width of a picture one character at a time. */
    private static void pictures(Jsonata.Frame frame) {
        pictured(
                frame,
                "fromMillis",
                "<n-s?s?:s>",
                (_, arguments) ->
                        Functions.dateTimeFromMillis(
                                number(arguments), text(arguments, 1), text(arguments, 2)));
        pictured(
                frame,
                "toMillis",
                "<s-s?:n>",
                (_, arguments) ->
                        Functions.dateTimeToMillis(text(arguments, 0), text(arguments, 1)));
        pictured(
                frame,
                "formatInteger",
                "<n-s:s>",
                (_, arguments) -> Functions.formatInteger(number(arguments), text(arguments, 1)));
        pictured(
                frame,
                "parseInteger",
                "<s-s:n>",
                (_, arguments) -> Functions.parseInteger(text(arguments, 0), text(arguments, 1)));
        pictured(
                frame,
                "formatNumber",
                "<n-so?:s>",
                (_, arguments) ->
                        Functions.formatNumber(
                                number(arguments), text(arguments, 1), options(arguments)));
    }

    /** To look for a long text in a long one takes the product of their lengths. */
    private static void searches(Jsonata.Frame frame) {
        searching(
                frame,
                "contains",
                "<s-(sf):b>",
                (_, arguments) -> Functions.contains(text(arguments, 0), arguments.get(1)));
        searching(
                frame,
                "substringBefore",
                "<s-s:s>",
                (_, arguments) ->
                        Functions.substringBefore(text(arguments, 0), text(arguments, 1)));
        searching(
                frame,
                "substringAfter",
                "<s-s:s>",
                (_, arguments) -> Functions.substringAfter(text(arguments, 0), text(arguments, 1)));
        searching(
                frame,
                "split",
                "<s-(sf)n?:a<s>>",
                (_, arguments) ->
                        Functions.split(
                                text(arguments, 0),
                                arguments.get(1),
                                arguments.size() > 2 ? (Number) arguments.get(2) : null));
        bind(frame, "round", "<n-n?:n>", (_, arguments) -> round(arguments));
    }

    private static void searching(
            Jsonata.Frame frame, String name, String signature, JFunctionCallable function) {
        bind(
                frame,
                name,
                signature,
                (input, arguments) -> {
                    if (arguments.get(0) == null) {
                        return null;
                    }
                    searchable(text(arguments, 0), text(arguments, 1));
                    return function.call(input, arguments);
                });
    }

    private static void searchable(@Nullable String text, @Nullable String wanted) {
        if (text != null
                && wanted != null
                && (long) text.length() * wanted.length() > LONGEST_SEARCH) {
            throw new JException("the texts are too long to look for one in the other", -1);
        }
    }

    private static @Nullable Object round(List<?> arguments) {
        Number precision =
                arguments.size() > 1 && arguments.get(1) instanceof Number given ? given : 0;
        if (Math.abs(precision.longValue()) > DIGITS) {
            throw new JException("$round takes at most " + DIGITS + " digits", -1);
        }
        return Functions.round(number(arguments), precision);
    }

    /** One whose second argument is a picture. */
    private static void pictured(
            Jsonata.Frame frame, String name, String signature, JFunctionCallable function) {
        bind(
                frame,
                name,
                signature,
                (input, arguments) -> {
                    String text = text(arguments, 1);
                    if (text != null && (text.length() > PICTURE || WIDE.matcher(text).find())) {
                        throw new JException(
                                "the picture of $" + name + " is too long or too wide", -1);
                    }
                    return arguments.get(0) == null ? null : function.call(input, arguments);
                });
    }

    private @Nullable Object now(List<?> arguments) {
        if (text(arguments, 0) != null) {
            throw new JException("$now takes no picture here; $fromMillis($millis(), …) does", -1);
        }
        return now.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static @Nullable String text(List<?> arguments, int index) {
        return arguments.size() > index && arguments.get(index) instanceof String text
                ? text
                : null;
    }

    private static @Nullable Number number(List<?> arguments) {
        return arguments.get(0) instanceof Number number ? number : null;
    }

    private static @Nullable Map<?, ?> options(List<?> arguments) {
        return arguments.size() > 2 && arguments.get(2) instanceof Map<?, ?> map ? map : null;
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

    private static int bounded(long weight) {
        if (weight > WEIGHT) {
            throw new JException("a value is larger than " + WEIGHT + " characters", -1);
        }
        return (int) weight;
    }

    private static @Nullable Object pad(List<?> arguments) {
        if (!(arguments.get(0) instanceof String text)
                || !(arguments.get(1) instanceof Number width)) {
            return null;
        }
        bounded(Math.abs(width.longValue()));
        String filling = arguments.size() > 2 && arguments.get(2) instanceof String s ? s : " ";
        int missing = Math.abs(width.intValue()) - text.codePointCount(0, text.length());
        if (missing <= 0 || filling.isEmpty()) {
            return text;
        }
        int[] points = filling.codePoints().toArray();
        StringBuilder padding = new StringBuilder();
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(points[i % points.length]);
        }
        return width.intValue() < 0 ? padding + text : text + padding;
    }

    private static @Nullable Object join(List<?> arguments) {
        if (!(arguments.get(0) instanceof List<?> texts)) {
            return null;
        }
        String separator = arguments.size() > 1 && arguments.get(1) instanceof String s ? s : "";
        bounded((long) texts.size() * separator.length());
        return String.join(separator, texts.stream().map(String::valueOf).toList());
    }

    /** Of literal texts; what is replaced by a function needs a regular expression anyway. */
    private static @Nullable Object replace(List<?> arguments) {
        if (!(arguments.get(0) instanceof String text)) {
            return null;
        }
        if (!(arguments.get(1) instanceof String wanted)
                || !(arguments.get(2) instanceof String replacement)
                || wanted.isEmpty()) {
            throw new JException("$replace takes texts, the second one not empty", -1);
        }
        searchable(text, wanted);
        int limit =
                arguments.size() > 3 && arguments.get(3) instanceof Number most
                        ? most.intValue()
                        : Integer.MAX_VALUE;
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        int at = text.indexOf(wanted);
        for (int done = 0; at >= 0 && done < limit; done++) {
            replaced.append(text, from, at).append(replacement);
            bounded(replaced.length());
            from = at + wanted.length();
            at = text.indexOf(wanted, from);
        }
        return replaced.append(text, from, text.length()).toString();
    }
}
