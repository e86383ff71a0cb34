/**
 * What a visitor allows, purpose by purpose, and what counts where the visitor said nothing.
 *
 * <p>Promises: consent is a facet, so that what holds of a purpose is what was said last by the
 * time of the event, whatever arrived first, on whatever device of the person; a refusal of the
 * browser (Global Privacy Control) is a refusal of advertising; a profile holds a bounded number of
 * purposes, and what was crowded out of it counts as denied.
 *
 * <p>Table: {@code privacy_consent_policy}. Others ask {@link
 * io.throughline.privacy.consent.Consents}.
 */
@NullMarked
@NamedInterface("consent")
package io.throughline.privacy.consent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
