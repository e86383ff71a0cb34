package io.throughline.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The shopper of every client, told by each in its own calls: she looks around, views a product and
 * adds it to the cart, says who she is, orders and joins a club. Here is what must have become of
 * it, as an operator sees it.
 *
 * @param operator of a workspace with nothing but this story in it
 * @param user the shopper's userId
 * @param library that the client names itself
 */
record ClientStory(Client operator, String user, String library) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the clients in Java say; those in Node say the same in {@code shopper.js}. */
    static final String SHOPPER = "anna";

    static final String DEVICE = "device-of-anna";
    static final String PHONE = "phone-of-anna";
    static final Map<String, Object> HOME = Map.of("path", "/");
    static final Map<String, Object> PRODUCT = Map.of("productId", "sku-1", "price", 19.9);
    static final Map<String, Object> ORDER =
            Map.of(
                    "orderId",
                    "order-of-anna",
                    "total",
                    39.8,
                    "currency",
                    "EUR",
                    "products",
                    List.of(Map.of("productId", "sku-1", "quantity", 2)));
    static final Map<String, Object> PERSON = Map.of("email", "anna@shop.example", "plan", "gold");
    static final Map<String, Object> CLUB = Map.of("name", "Bike club");

    /** The calls that every client has; an alias may come on top. */
    static final List<String> CALLS =
            List.of(
                    "page Home",
                    "track Product Viewed",
                    "track Product Added",
                    "identify",
                    "track Order Completed",
                    "group club-7");

    /** Where a client has it: what she did on her phone, and the alias that says it was her. */
    static final String[] ELSEWHERE = {"track App Opened", "alias " + PHONE};

    /** Waits until so many events are in the workspace, and returns the shopper's profile. */
    JsonNode profile(int events) {
        awaitEvents(events);
        return operator.profile("user_id:" + user).body();
    }

    void awaitEvents(int events) {
        Await.until(
                PATIENCE,
                () -> events + " events are on profiles: " + operator.all("/api/v1/profiles"),
                () -> total() == events);
    }

    private long total() {
        return operator.all("/api/v1/profiles").stream()
                .mapToLong(profile -> profile.at("/events/total").longValue())
                .sum();
    }

    /** The history of a profile, oldest first. */
    List<JsonNode> events(JsonNode profile) {
        List<JsonNode> events =
                new ArrayList<>(
                        operator.all(
                                "/api/v1/profiles/"
                                        + profile.required("id").stringValue()
                                        + "/events"));
        events.sort(Comparator.comparing(event -> event.required("timestamp").stringValue()));
        return events;
    }

    /**
     * All of it arrived, once, with everything that was said, on one profile.
     *
     * @param more calls that the client makes beside {@link #CALLS}
     * @return the profile
     */
    JsonNode isWhole(String... more) {
        List<String> calls = new ArrayList<>(CALLS);
        calls.addAll(List.of(more));
        JsonNode profile = profile(calls.size());
        List<JsonNode> events = events(profile);
        assertThat(events.stream().map(ClientStory::call))
                .containsExactlyInAnyOrderElementsOf(calls);
        assertThat(events.stream().map(event -> event.required("messageId").stringValue()))
                .doesNotHaveDuplicates();
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.at("/context/library/name").asString()).isEqualTo(library);
                    assertThat(event.at("/context/library/version").asString()).isNotEmpty();
                });
        saysWhatWasSaid(events);
        isOnePerson(profile);
        return profile;
    }

    private static void saysWhatWasSaid(List<JsonNode> events) {
        JsonNode viewed = find(events, "track Product Viewed").required("properties");
        assertThat(viewed.required("productId").stringValue()).isEqualTo("sku-1");
        assertThat(viewed.required("price").doubleValue()).isEqualTo(19.9);
        JsonNode ordered = find(events, "track Order Completed").required("properties");
        assertThat(ordered.required("total").doubleValue()).isEqualTo(39.8);
        assertThat(ordered.at("/products/0/quantity").intValue()).isEqualTo(2);
        assertThat(find(events, "identify").at("/traits/plan").asString()).isEqualTo("gold");
        assertThat(find(events, "group club-7").at("/traits/name").asString())
                .isEqualTo("Bike club");
        assertThat(find(events, "page Home").at("/properties/path").asString()).startsWith("/");
    }

    private void isOnePerson(JsonNode profile) {
        assertThat(operator.all("/api/v1/profiles")).hasSize(1);
        assertThat(profile.required("identifiers").valueStream())
                .extracting(one -> one.required("type").stringValue())
                .contains("user_id", "email", "anonymous_id");
        assertThat(profile.at("/traits/email").toString()).contains(user + "@shop.example");
        assertThat(profile.at("/commerce/orders").intValue()).isEqualTo(1);
        assertThat(profile.at("/commerce/items").intValue()).isEqualTo(2);
        assertThat(profile.at("/commerce/revenue/EUR").asString()).isEqualTo("39.80");
    }

    static JsonNode find(List<JsonNode> events, String call) {
        return events.stream().filter(event -> call(event).equals(call)).findFirst().orElseThrow();
    }

    /** The type and what the call is about. */
    static String call(JsonNode event) {
        String type = event.required("type").stringValue();
        return switch (type) {
            case "track" -> type + " " + event.path("event").asString("");
            case "page", "screen" -> type + " " + event.path("name").asString("");
            case "group" -> type + " " + event.path("groupId").asString("");
            case "alias" -> type + " " + event.path("previousId").asString("");
            default -> type;
        };
    }
}
