package io.throughline.collect.plan;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression is once its counted repetitions are written out, an upper bound:
 * {@code ((a{1000}){1000}){1000}} is short to write and takes a gigabyte to compile. Reads no more
 * syntax than that needs; whether the expression is valid is not asked here.
 */
final class PatternSize {
    /** More than any bound; keeps products from overflowing. */
    private static final long HUGE = 1L << 30;

    private final String regex;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    private long group;
    private long atom;

    PatternSize(String regex) {
        this.regex = regex;
    }

    long total() {
        while (at < regex.length()) {
            step(regex.charAt(at++));
        }
        long sum = group + atom;
        for (long open : outer) {
            sum += open;
        }
        return Math.min(sum, HUGE);
    }

    private void step(char c) {
        switch (c) {
            case '(' -> open();
            case ')' -> close();
            case '[' -> {
                skipClass();
                next(1);
            }
            case '\\' -> {
                skipEscape();
                next(1);
            }
            case '{' -> repeat();
            case '*' -> next(2);
            default -> next(1);
        }
    }

    /** The atom before is complete: what follows, a repetition above all, is about this one. */
    private void next(long size) {
        group = Math.min(group + atom, HUGE);
        atom = size;
    }

    private void open() {
        next(0);
        outer.push(group);
        group = 0;
    }

    private void close() {
        long closed = group + atom + 2;
        group = outer.isEmpty() ? 0 : outer.pop();
        atom = Math.min(closed, HUGE);
    }

    private void skipClass() {
        while (at < regex.length() && regex.charAt(at) != ']') {
            at += regex.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    /** {@code \x{…}} and {@code \p{…}} have braces that repeat nothing; {@code \Q} quotes. */
    private void skipEscape() {
        char escaped = at < regex.length() ? regex.charAt(at) : ' ';
        at++;
        if (escaped == 'Q') {
            group = HUGE;
        }
        boolean braces = escaped == 'x' || escaped == 'p' || escaped == 'P';
        if (braces && at < regex.length() && regex.charAt(at) == '{') {
            int end = regex.indexOf('}', at);
            at = end < 0 ? regex.length() : end + 1;
        }
    }

    private void repeat() {
        int end = regex.indexOf('}', at);
        long most = 0;
        long number = 0;
        for (int i = at; i < end; i++) {
            char c = regex.charAt(i);
            if (c == ',') {
                number = 0;
            } else if (c < '0' || c > '9') {
                return;
            } else {
                number = Math.min(number * 10 + (c - '0'), HUGE);
                most = Math.max(most, number);
            }
        }
        if (end >= 0) {
            at = end + 1;
            atom = Math.min((atom + 1) * Math.max(most, 1), HUGE);
        }
    }
}
