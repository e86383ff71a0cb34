/**
 * One message to one receiver: its signature, the guarded connection, and what the answer means.
 *
 * <p>Pure but for {@link io.throughline.activation.webhook.WebhookClient}, which opens the only
 * outgoing connections of the product.
 */
@NullMarked
package io.throughline.activation.webhook;

import org.jspecify.annotations.NullMarked;
