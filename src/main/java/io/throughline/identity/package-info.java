/**
 * Who is one person. Deterministic: the partition of identifiers into profiles is a function of the
 * set of stored events, operator decisions and configuration, never of arrival order.
 *
 * <p>Owns the way from an event to its identifiers ({@link
 * io.throughline.identity.EventIdentifiers}), the pure decision which links hold ({@link
 * io.throughline.identity.Partition}), and the graph in PostgreSQL with its locks and its ledger
 * ({@link io.throughline.identity.IdentityGraph}).
 *
 * <p>Tables: {@code identity_*}. No topics, no meters of its own.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace"})
package io.throughline.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
