package io.throughline.commerce;

import io.throughline.commerce.Order.Statement;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.profile.Enriched;
import io.throughline.profile.FacetKeys;
import io.throughline.profile.KeyedFacet;
import io.throughline.profile.ProfileUpdate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders by orderId, from the Segment e-commerce events {@code Order Completed}, {@code Order
 * Updated}, {@code Order Refunded} and {@code Order Cancelled}.
 */
@Component
final class OrdersFacet implements KeyedFacet<Order> {
    @Override
    public String name() {
        return "orders";
    }

    @Override
    public Map<String, Order> of(Enriched event) {
        if (!(event.event() instanceof Track track)) {
            return Map.of();
        }
        String orderId = orderId(track.properties());
        if (orderId == null) {
            return Map.of();
        }
        Order order =
                switch (track.event()) {
                    case "Order Completed" -> Order.completed(statement(track, orderId));
                    case "Order Updated" -> {
                        Statement update = statement(track, orderId);
                        // An update that names no amount leaves the amount as it is.
                        yield update.total() == null ? null : Order.updated(update);
                    }
                    case "Order Refunded" -> Order.refunded(total(track.properties()));
                    case "Order Cancelled" -> Order.ofCancellation();
                    default -> null;
                };
        return order == null ? Map.of() : Map.of(FacetKeys.bounded(orderId), order);
    }

    @Override
    public Order merge(Order a, Order b) {
        return a.merge(b);
    }

    @Override
    public boolean announces() {
        return true;
    }

    /** An order is recorded once, when its first completion arrives. */
    @Override
    public List<ProfileUpdate.Item> announce(String key, @Nullable Order before, Order after) {
        boolean known = before != null && before.completed() != null;
        Statement standing = after.standing();
        if (known || standing == null || !after.counts()) {
            return List.of();
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ObjectNode order = data.putObject("order");
        order.put("orderId", standing.orderId());
        order.put("total", Money.format(after.net(), standing.currency()));
        order.put("currency", standing.currency());
        order.put("items", standing.items());
        order.put("orderedAt", Instant.ofEpochMilli(standing.time()).toString());
        return List.of(new ProfileUpdate.Item("order.recorded", data));
    }

    @Override
    public void describe(SortedMap<String, Order> states, ObjectNode document) {
        long orders = 0;
        long items = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        Map<String, BigDecimal> revenue = new TreeMap<>();
        for (Order order : states.values()) {
            Statement completed = order.completed();
            Statement standing = order.standing();
            if (completed == null || standing == null || !order.counts()) {
                continue;
            }
            orders++;
            items += standing.items();
            first = Math.min(first, completed.time());
            last = Math.max(last, completed.time());
            revenue.merge(standing.currency(), order.net(), BigDecimal::add);
        }
        ObjectNode commerce = document.putObject("commerce");
        commerce.put("orders", orders).put("items", items);
        ObjectNode byCurrency = commerce.putObject("revenue");
        revenue.forEach((currency, sum) -> byCurrency.put(currency, Money.format(sum, currency)));
        if (orders > 0) {
            commerce.put("firstOrderAt", Instant.ofEpochMilli(first).toString());
            commerce.put("lastOrderAt", Instant.ofEpochMilli(last).toString());
        }
    }

    @Override
    public JsonNode encode(Order state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "c", state.completed());
        put(json, "u", state.updated());
        if (state.refunded().signum() != 0) {
            json.put("r", state.refunded().toString());
        }
        if (state.refundedWhole()) {
            json.put("w", true);
        }
        if (state.cancelled()) {
            json.put("x", true);
        }
        return json;
    }

    @Override
    public Order decode(JsonNode json) {
        return new Order(
                decodeStatement(json.get("c")),
                decodeStatement(json.get("u")),
                json.has("r") ? new BigDecimal(json.required("r").stringValue()) : BigDecimal.ZERO,
                json.path("w").asBoolean(false),
                json.path("x").asBoolean(false));
    }

    private static void put(ObjectNode json, String field, @Nullable Statement statement) {
        if (statement == null) {
            return;
        }
        ObjectNode object = json.putObject(field);
        object.put("t", statement.time()).put("m", statement.messageId());
        object.put("o", statement.orderId()).put("y", statement.currency());
        object.put("i", statement.items());
        if (statement.total() != null) {
            object.put("a", statement.total().toString());
        }
    }

    private static @Nullable Statement decodeStatement(@Nullable JsonNode json) {
        if (json == null) {
            return null;
        }
        return new Statement(
                json.required("t").longValue(),
                json.required("m").stringValue(),
                json.required("o").stringValue(),
                Money.parse(json.path("a").asString(null)),
                json.required("y").stringValue(),
                json.required("i").longValue());
    }

    private static Statement statement(Track track, String orderId) {
        return new Statement(
                track.header().timestamp().toEpochMilli(),
                track.header().messageId(),
                orderId,
                total(track.properties()),
                Money.currency(track.properties().path("currency"), track.header().currency()),
                items(track.properties().path("products")));
    }

    private static @Nullable String orderId(ObjectNode properties) {
        for (String field : List.of("orderId", "order_id")) {
            JsonNode id = properties.path(field);
            if ((id.isString() || id.isNumber()) && !id.asString().isBlank()) {
                return id.asString().strip();
            }
        }
        return null;
    }

    private static @Nullable BigDecimal total(ObjectNode properties) {
        return Money.amount(properties.path("total"))
                .or(() -> Money.amount(properties.path("revenue")))
                .orElse(null);
    }

    /** The quantities of the products, one where none is given. */
    private static long items(JsonNode products) {
        long items = 0;
        for (JsonNode product : products) {
            long quantity =
                    Money.amount(product.path("quantity")).map(BigDecimal::longValue).orElse(1L);
            items += Math.clamp(quantity, 0, 1_000_000);
        }
        return items;
    }
}
