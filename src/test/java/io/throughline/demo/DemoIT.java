package io.throughline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.OwnReceiver;
import io.throughline.activation.OwnReceivers;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Workspace;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What the demo answers, and above all what it does not. */
@ThroughlineIT
@TestPropertySource(properties = "throughline.demo.enabled=true")
@TestMethodOrder(OrderAnnotation.class)
class DemoIT {
    private static final String VIEWED =
            "{'type':'track','event':'Product Viewed','properties':{'sku':'A1'}}"
                    .replace('\'', '"');
    private static final String ORDERED =
            ("{'type':'track','event':'Order Completed',"
                            + "'properties':{'orderId':'%s','total':5,'currency':'EUR'}}")
                    .replace('\'', '"');

    @LocalServerPort private int port;
    @Autowired private OwnReceivers receivers;
    private DemoShop shop;

    @BeforeEach
    void open() {
        shop = new DemoShop(port);
    }

    private static String identify(String userId, String email) {
        return "{\"type\":\"identify\",\"userId\":\"%s\",\"traits\":{\"email\":\"%s\"}}"
                .formatted(userId, email);
    }

    @Test
    @Order(1)
    void createsItsDestinationWithTheFirstVisitorAndOnlyOne() {
        assertThat(shop.get("/").statusCode()).isEqualTo(302);
        assertThat(shop.get("/demo").statusCode()).isEqualTo(200);
        shop.shown(UUID.randomUUID().toString());
        assertThat(shop.destinations()).isEmpty();
        assertThat(unsigned("{}").statusCode()).as("nobody to receive for").isEqualTo(401);

        shop.post("/demo/api/visits", "");
        HttpResponse<String> second = shop.post("/demo/api/visits", "");
        assertThat(second.body())
                .isEqualTo("{\"writeKey\":\"%s\",\"webhooks\":null}", ThroughlineIT.WRITE_KEY);
        assertThat(shop.destinations())
                .singleElement()
                .extracting(one -> one.path("url").asString())
                .isEqualTo("http://127.0.0.1:" + port + "/demo/webhooks");
    }

    @Test
    @Order(2)
    void showsAVisitorTheProfileTheEventsAndTheWebhooksThatArrived() throws Exception {
        String anna = shop.visitor(VIEWED, ORDERED.formatted("D-1"));
        JsonNode shown =
                shop.awaitShown(anna, now -> now.path("webhooks").toString().contains("order."));
        assertThat(shown.path("profile").path("events").path("total").intValue()).isEqualTo(2);
        assertThat(shown.path("events")).hasSize(2);
        JsonNode order =
                shown.path("webhooks")
                        .valueStream()
                        .filter(one -> one.path("type").asString().equals("order.recorded"))
                        .findFirst()
                        .orElseThrow();
        assertThat(order.path("status").intValue()).isEqualTo(204);

        String one = "/demo/api/visitor/webhooks/%s?anonymousId=%s";
        String id = order.path("id").asString();
        JsonNode webhook = Client.JSON.readTree(shop.get(one.formatted(id, anna)).body());
        JsonNode body = Client.JSON.readTree(webhook.path("body").asString());
        assertThat(body.path("data").path("profileId")).isEqualTo(shown.path("profile").path("id"));
        assertThat(body.path("data").path("order").path("orderId").asString()).isEqualTo("D-1");
        assertThat(webhook.path("signature").asString()).startsWith("v1,");

        String stranger = shop.visitor(VIEWED);
        JsonNode other = shop.awaitShown(stranger, now -> now.path("profile").isObject());
        assertThat(other.toString()).doesNotContain(anna, "D-1", id);
        assertThat(shop.get(one.formatted(id, stranger)).statusCode()).isEqualTo(404);
    }

    @Test
    @Order(3)
    void followsAVisitorThroughAMergeAndKeepsTheWebhooksOfBoth() throws Exception {
        String user = "demo-" + UUID.randomUUID();
        String mail = user + "@demo.example";
        String laptop = shop.visitor(VIEWED, identify(user, mail));
        // the older profile keeps its id, so the phone's must be the younger
        shop.awaitShown(laptop, now -> now.path("profile").isObject());
        String phone = shop.visitor(VIEWED);
        String retired =
                shop.awaitShown(phone, now -> !now.path("webhooks").isEmpty())
                        .path("profile")
                        .path("id")
                        .asString();
        shop.send(phone, identify(user, mail));
        JsonNode merged =
                shop.awaitShown(
                        phone, now -> now.path("webhooks").toString().contains("profile.merged"));
        assertThat(merged.path("profile").path("mergedIds").toString()).contains(retired);
        assertThat(shop.shown(laptop).path("profile").path("id"))
                .isEqualTo(merged.path("profile").path("id"));
    }

    @Test
    @Order(4)
    void isNoWayToReadOfPeopleWithoutAToken() throws Exception {
        String customer = "customer-" + UUID.randomUUID();
        shop.visitor(VIEWED, identify(customer, customer + "@shop.example"));
        String thief = shop.visitor(VIEWED);
        shop.awaitShown(thief, now -> now.path("profile").isObject());
        shop.send(thief, identify(customer, "thief@demo.example"));
        JsonNode shown = shop.awaitShown(thief, now -> now.path("isOthers").booleanValue());
        assertThat(shown)
                .hasToString("{\"profile\":null,\"isOthers\":true,\"events\":[],\"webhooks\":[]}");
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(strings = {"a-1", "", "%00", "42", "00000000-0000-0000-0000-000000000000"})
    void answersOnlyForAnIdThatNobodyGuesses(String anonymousId) {
        assertThat(shop.get("/demo/api/visitor?anonymousId=" + anonymousId).statusCode())
                .isEqualTo(400);
    }

    @Test
    @Order(6)
    void showsNoTokenAndNoSecretAndRunsOnlyItsOwnCode() throws Exception {
        String anna = shop.visitor(VIEWED);
        shop.awaitShown(anna, now -> !now.path("webhooks").isEmpty());
        List<String> paths =
                List.of(
                        "/",
                        "/demo",
                        "/demo/pricing",
                        "/demo/products/pot",
                        "/demo/files/main.js",
                        "/demo/files/nothing.js",
                        "/demo/api/visitor?anonymousId=" + anna);
        for (String path : paths) {
            HttpResponse<String> answer = shop.get(path);
            assertThat(answer.body() + answer.headers().map())
                    .as(path)
                    .doesNotContain(ThroughlineIT.ADMIN_TOKEN, "whsec_");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
        }
        assertThat(shop.get("/demo/..%2fapplication.yaml").statusCode()).isBetween(400, 404);
        assertThat(shop.get("/demo/files/..%2f..%2fapplication.yaml").statusCode())
                .isBetween(400, 404);
    }

    @Test
    @Order(7)
    void saysNothingNewInFewBytes() throws Exception {
        String anna = shop.visitor(VIEWED);
        shop.awaitShown(anna, now -> !now.path("webhooks").isEmpty());
        String path = "/demo/api/visitor?anonymousId=" + anna;
        String tag = shop.get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(shop.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        shop.send(anna, VIEWED);
        shop.awaitShown(
                anna, now -> now.path("profile").path("events").path("total").intValue() == 2);
        assertThat(shop.get(path, "If-None-Match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    @Order(8)
    void takesNoWebhookThatThisServerHasNotSigned() {
        String body = "{\"type\":\"profile.updated\",\"data\":{\"profileId\":\"x\"}}";
        assertThat(unsigned(body).statusCode()).isEqualTo(401);
        assertThat(unsigned(body).body()).contains("urn:throughline:problem:unsigned-webhook");
        assertThat(unsigned("x".repeat((2 << 20) + 1)).statusCode()).isEqualTo(413);
    }

    private HttpResponse<String> unsigned(String body) {
        return shop.post(
                DemoDestination.PATH,
                body,
                "webhook-id",
                "msg_1",
                "webhook-timestamp",
                Long.toString(Instant.now().getEpochSecond()),
                "webhook-signature",
                "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    }

    @Test
    @Order(9)
    void aStartOnAnotherPortMovesTheDestinationInsteadOfAddingOne() {
        URI here = URI.create("http://127.0.0.1:" + port + DemoDestination.PATH);
        URI elsewhere = URI.create("http://127.0.0.1:" + (port - 1) + DemoDestination.PATH);
        OwnReceiver before = register(here);
        assertThat(register(elsewhere).id()).isEqualTo(before.id());
        assertThat(shop.destinations())
                .singleElement()
                .extracting(one -> one.path("url").asString())
                .isEqualTo(elsewhere.toString());
        assertThat(register(here).id()).isEqualTo(before.id());
    }

    private OwnReceiver register(URI url) {
        return receivers.register(
                Workspace.DEFAULT, DemoDestination.NAME, url, List.of("profile.updated"));
    }
}
