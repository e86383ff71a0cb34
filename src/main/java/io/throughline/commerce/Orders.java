package io.throughline.commerce;

import io.throughline.event.WorkspaceId;
import io.throughline.profile.FacetReads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The orders of profiles, as the connection sees them now. */
public final class Orders {
    private static final OrdersFacet FACET = new OrdersFacet();

    private Orders() {}

    /**
     * When each of these live profiles ordered last; none for one without orders. Cancelled orders
     * are none, refunded ones are. Two questions for any number of profiles; all their orders are
     * read.
     */
    public static Map<Long, Instant> newest(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        Map<Long, Instant> newest = new HashMap<>();
        FacetReads.keyed(connection, workspace, FACET, profiles)
                .forEach((profile, orders) ->
                        orders.values().stream()
                                .filter(Order::counts)
                                .mapToLong(Orders::orderedAt)
                                .max()
                                .ifPresent(at -> newest.put(profile, Instant.ofEpochMilli(at))));
        return newest;
    }

    /** Of an order that counts: when it was completed. */
    private static long orderedAt(Order order) {
        Order.Statement completed = order.completed();
        return completed == null ? Long.MIN_VALUE : completed.time();
    }
}
