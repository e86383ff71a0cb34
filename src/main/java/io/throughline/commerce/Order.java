package io.throughline.commerce;

import java.math.BigDecimal;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one orderId say together: a merge of these is the same in any order.
 *
 * @param completed the {@code Order Completed} smallest by (time, messageId): the one that stands
 * @param updated the newest {@code Order Updated}
 * @param refunded the sum of refunds that named a total
 * @param refundedWhole whether a refund named none: all of it
 */
record Order(
        @Nullable Statement completed,
        @Nullable Statement updated,
        BigDecimal refunded,
        boolean refundedWhole,
        boolean cancelled) {

    /**
     * One event's word on the order.
     *
     * @param time epoch milliseconds
     * @param total null when the event named none
     * @param items how many pieces its products add up to
     */
    record Statement(
            long time,
            String messageId,
            String orderId,
            @Nullable BigDecimal total,
            String currency,
            long items) {
        private static final Comparator<Statement> AGE =
                Comparator.comparingLong(Statement::time).thenComparing(Statement::messageId);

        boolean isOlderThan(Statement other) {
            return AGE.compare(this, other) < 0;
        }
    }

    /** Equal sums are equal states: 1.50 refunded is 1.5 refunded. */
    Order {
        refunded = refunded.signum() == 0 ? BigDecimal.ZERO : refunded.stripTrailingZeros();
    }

    static Order completed(Statement statement) {
        return new Order(statement, null, BigDecimal.ZERO, false, false);
    }

    static Order updated(Statement statement) {
        return new Order(null, statement, BigDecimal.ZERO, false, false);
    }

    static Order refunded(@Nullable BigDecimal total) {
        return new Order(null, null, total == null ? BigDecimal.ZERO : total, total == null, false);
    }

    static Order ofCancellation() {
        return new Order(null, null, BigDecimal.ZERO, false, true);
    }

    Order merge(Order other) {
        return new Order(
                older(completed, other.completed),
                newer(updated, other.updated),
                refunded.add(other.refunded),
                refundedWhole || other.refundedWhole,
                cancelled || other.cancelled);
    }

    /** Whether it counts as an order: completed and not cancelled. */
    boolean counts() {
        return completed != null && !cancelled;
    }

    /** What the order is worth, net of refunds, in the currency of {@link #standing}. */
    BigDecimal net() {
        Statement standing = standing();
        if (standing == null || cancelled || refundedWhole || standing.total() == null) {
            return BigDecimal.ZERO;
        }
        return standing.total().subtract(refunded);
    }

    /** The statement whose amount holds: an update newer than the completion replaces it. */
    @Nullable Statement standing() {
        return completed != null && updated != null && completed.isOlderThan(updated)
                ? updated
                : completed;
    }

    private static @Nullable Statement older(@Nullable Statement a, @Nullable Statement b) {
        return a == null || (b != null && b.isOlderThan(a)) ? b : a;
    }

    private static @Nullable Statement newer(@Nullable Statement a, @Nullable Statement b) {
        return a == null || (b != null && a.isOlderThan(b)) ? b : a;
    }
}
