package io.throughline.activation.expression;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Jsonata.JFunctionCallable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the library of which one call may last for minutes or fill the memory, in a form
 * that cannot; {@code $eval} is taken out. The time is the message's.
 */
final class BoundedFunctions {
    /** Product of the lengths of a text and what is looked for in it. */
    private static final long LONGEST_SEARCH = 50_000_000;

    private static final int DIGITS = 100;

    /** Of a picture of a date or a number, in characters. */
    private static final int PICTURE = 100;

    /** Of a text that is read by a picture. */
    private static final int PICTURED = 1_000;

    private static final Pattern WIDE = Pattern.compile("[1-9][0-9]{3}");

    private BoundedFunctions() {}

    /**
     * @param now of the expression's clock
     */
    static void bind(Jsonata.Frame frame, Instant now) {
        bind(frame, "pad", "<s-ns?:s>", (_, arguments) -> pad(arguments));
        bind(frame, "join", "<a<s>s?:s>", (_, arguments) -> join(arguments));
        bind(frame, "replace", "<s-(sf)(sf)n?:s>", (_, arguments) -> replace(arguments));
        bind(frame, "now", "<s?s?:s>", (_, arguments) -> now(now, arguments));
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
                    String picture = text(arguments, 1);
                    if (picture != null
                            && (picture.length() > PICTURE || WIDE.matcher(picture).find())) {
                        throw new JException(
                                "the picture of $" + name + " is too long or too wide", -1);
                    }
                    String text = text(arguments, 0);
                    if (text != null && text.length() > PICTURED) {
                        throw new JException("the text for $" + name + " is too long", -1);
                    }
                    return arguments.get(0) == null ? null : function.call(input, arguments);
                });
    }

    private static @Nullable Object now(Instant now, List<?> arguments) {
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

    private static @Nullable Object pad(List<?> arguments) {
        if (!(arguments.get(0) instanceof String text)
                || !(arguments.get(1) instanceof Number width)) {
            return null;
        }
        Bounds.bounded(Math.abs(width.longValue()));
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
        Bounds.bounded((long) texts.size() * separator.length());
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
            Bounds.bounded(replaced.length());
            from = at + wanted.length();
            at = text.indexOf(wanted, from);
        }
        return replaced.append(text, from, text.length()).toString();
    }
}
