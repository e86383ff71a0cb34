package io.throughline.bench;

import java.util.SplittableRandom;

/**
 * Visitors of a shop, many at a time: each looks at pages and products, some put one in the cart,
 * about one in twelve says who they are and half of those buy. Their events come mixed, as they do
 * at a busy site; one who is known may come back with a new anonymousId, which joins two profiles.
 *
 * <p>Not thread-safe: whoever makes a batch has the shop to itself, see {@link Load}.
 */
final class Shop {
    static final int ACTIVE = 500;
    private static final int CUSTOMERS = 5_000;
    private static final String CONTEXT =
            """
            "context":{"library":{"name":"analytics.js","version":"2.4.1"},"locale":"en-GB",\
            "userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",\
            "page":{"path":"/products","url":"https://shop.example/products","referrer":"https://search.example/"}}\
            """;

    private final String name;
    private final SplittableRandom random;
    private final Visitor[] active = new Visitor[ACTIVE];
    private long visitors;
    private long messages;

    Shop(String name, long seed) {
        this.name = name;
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < ACTIVE; i++) {
            active[i] = next();
        }
    }

    private static final class Visitor {
        final String anonymousId;
        final int pages;
        final boolean identifies;
        final boolean buys;
        final int customer;
        int step;

        Visitor(String anonymousId, int pages, boolean identifies, boolean buys, int customer) {
            this.anonymousId = anonymousId;
            this.pages = pages;
            this.identifies = identifies;
            this.buys = buys;
            this.customer = customer;
        }

        int steps() {
            return pages + (identifies ? 1 : 0) + (buys ? 1 : 0);
        }
    }

    private Visitor next() {
        visitors++;
        boolean identifies = random.nextInt(12) == 0;
        return new Visitor(
                name + "-" + visitors,
                4 + random.nextInt(7),
                identifies,
                identifies && random.nextBoolean(),
                random.nextInt(CUSTOMERS));
    }

    /** A request: where it goes, and what it says. */
    record Call(String path, String body) {}

    /** The next events, in one request. */
    Call batch(int events) {
        StringBuilder body = new StringBuilder(events * 560).append("{\"batch\":[");
        for (int i = 0; i < events; i++) {
            if (i > 0) {
                body.append(',');
            }
            step(body);
        }
        return new Call("/v1/batch", body.append("]}").toString());
    }

    /** The next event, in a request of its own. */
    Call single() {
        StringBuilder body = new StringBuilder(560);
        String type = step(body);
        return new Call("/v1/" + type, body.toString());
    }

    /** Writes what one of the visitors does next, and returns its type. */
    private String step(StringBuilder body) {
        int place = random.nextInt(ACTIVE);
        Visitor visitor = active[place];
        String type = append(body, visitor);
        visitor.step++;
        if (visitor.step == visitor.steps()) {
            active[place] = next();
        }
        return type;
    }

    private String append(StringBuilder body, Visitor visitor) {
        body.append("{\"messageId\":\"").append(name).append("-m-").append(++messages);
        body.append("\",\"anonymousId\":\"").append(visitor.anonymousId).append("\",");
        if (visitor.step >= visitor.pages) {
            body.append("\"userId\":\"").append(name).append("-u-").append(visitor.customer);
            body.append("\",");
        }
        body.append(CONTEXT).append(',');
        if (visitor.step < visitor.pages) {
            return browse(body, visitor.step);
        }
        if (visitor.step == visitor.pages) {
            body.append("\"type\":\"identify\",\"traits\":{\"plan\":\"free\",\"email\":\"")
                    .append(name)
                    .append('.')
                    .append(visitor.customer)
                    .append("@shop.example\"}}");
            return "identify";
        }
        body.append("\"type\":\"track\",\"event\":\"Order Completed\",\"properties\":")
                .append("{\"currency\":\"EUR\",\"total\":\"")
                .append(10 + random.nextInt(200))
                .append(".95\",\"orderId\":\"")
                .append(visitor.anonymousId)
                .append("\"}}");
        return "track";
    }

    private String browse(StringBuilder body, int step) {
        if (step % 2 == 0) {
            body.append("\"type\":\"page\",\"name\":\"Products\",\"properties\":{\"page\":")
                    .append(random.nextInt(30))
                    .append("}}");
            return "page";
        }
        body.append("\"type\":\"track\",\"event\":\"")
                .append(step == 5 ? "Product Added" : "Product Viewed")
                .append("\",\"properties\":{\"sku\":\"SKU-")
                .append(random.nextInt(2_000))
                .append("\",\"price\":")
                .append(5 + random.nextInt(95))
                .append("}}");
        return "track";
    }
}
