// The shopper's story of ClientStory.java, told by one of the released clients in Node:
//   node shopper.js <client> <host> <writeKey> <user>
// Ends with status 0 once the client has said that everything was sent.
"use strict";

const [client, host, writeKey, user] = process.argv.slice(2);
const anonymousId = `device-of-${user}`;
const phone = `phone-of-${user}`;
const home = { path: "/", url: "https://shop.example/?utm_source=news" };
const product = { productId: "sku-1", price: 19.9 };
const order = {
  orderId: `order-of-${user}`,
  total: 39.8,
  currency: "EUR",
  products: [{ productId: "sku-1", quantity: 2 }],
};
const person = { email: `${user}@shop.example`, plan: "gold" };
const club = { name: "Bike club" };

// The clients that take one message for each call, and send them in batches.
async function inMessages(analytics, sent) {
  const results = [
    ["track", { anonymousId: phone, event: "App Opened" }],
    ["page", { anonymousId, name: "Home", properties: home }],
    ["track", { anonymousId, event: "Product Viewed", properties: product }],
    ["track", { anonymousId, event: "Product Added", properties: product }],
    ["identify", { anonymousId, userId: user, traits: person }],
    ["track", { userId: user, event: "Order Completed", properties: order }],
    ["group", { userId: user, groupId: "club-7", traits: club }],
    ["alias", { userId: user, previousId: phone }],
  ].map(
    ([call, message]) =>
      new Promise((resolve, reject) =>
        analytics[call](message, (error) => (error ? reject(error) : resolve())),
      ),
  );
  await sent();
  await Promise.all(results);
}

const clients = {
  "@segment/analytics-node": async () => {
    const { Analytics } = require("@segment/analytics-node");
    const analytics = new Analytics({ writeKey, host, flushInterval: 50 });
    await inMessages(analytics, () => analytics.closeAndFlush());
  },
  "analytics-node": async () => {
    const Analytics = require("analytics-node");
    const analytics = new Analytics(writeKey, { host, flushInterval: 50 });
    await inMessages(analytics, () => analytics.flush());
  },
  "@rudderstack/rudder-sdk-node": async () => {
    const Analytics = require("@rudderstack/rudder-sdk-node");
    const analytics = new Analytics(writeKey, { dataPlaneUrl: host, flushInterval: 50 });
    await inMessages(analytics, () => new Promise((resolve) => analytics.flush(resolve)));
  },
  "@jitsu/js": async () => {
    const { jitsuAnalytics } = require("@jitsu/js");
    const analytics = jitsuAnalytics({ host, writeKey, echoEvents: false });
    await analytics.page({ name: "Home", ...home });
    await analytics.track("Product Viewed", product);
    await analytics.track("Product Added", product);
    await analytics.identify(user, person);
    await analytics.track("Order Completed", order);
    await analytics.group("club-7", club);
  },
};

clients[client]().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
