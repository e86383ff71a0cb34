package io.throughline.collect.plan;

import java.util.function.Supplier;

/**
 * What the regular expressions of one judgement may still cost, in characters times instructions.
 * The validator gives its expressions nothing but the text, so that the account is bound to the
 * thread while it works.
 */
final class Work {
    /** About 10 ms at 20 ns each, on the machine of docs/benchmarks.md. */
    private static final long FOR_ONE_EVENT = 500_000;

    private static final ScopedValue<Work> ACCOUNT = ScopedValue.newInstance();

    private long left = FOR_ONE_EVENT;

    private Work() {}

    /** More work than one event may cost. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExhaustedException() {
            super("too much work for one event", null, false, false);
        }
    }

    static <T> T within(Supplier<T> judgement) {
        return ScopedValue.where(ACCOUNT, new Work()).call(judgement::get);
    }

    /** Of the judgement on this thread; a new one outside of any. */
    static Work current() {
        return ACCOUNT.isBound() ? ACCOUNT.get() : new Work();
    }

    /**
     * @throws ExhaustedException before the work is done, when it is more than is left
     */
    void spend(long amount) {
        left -= amount;
        if (left < 0) {
            throw new ExhaustedException();
        }
    }
}
