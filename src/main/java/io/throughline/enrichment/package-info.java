/**
 * What an event says beyond its own words: device, system and browser, whether a bot sent it, where
 * the visit came from, which page it was on, and roughly where in the world.
 *
 * <p>Owns the meaning of {@code context.userAgent}, {@code context.userAgentData}, {@code
 * context.page}, {@code context.campaign} and {@code context.ip}. Promises: an {@link
 * io.throughline.enrichment.Enrichment} depends on the event, the library's lists and the
 * operator's database only, and is stored with the event, so that newer lists never change what
 * was; its size and the time spent on it are bounded whatever a client sends; nothing here refuses
 * an event. It works on the resolve path, outside of the transaction, never before the ack.
 *
 * <p>No tables, no topics. Meters: {@code throughline.enrichment.*}, explained in {@code
 * EnrichmentMetrics}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform"})
package io.throughline.enrichment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
