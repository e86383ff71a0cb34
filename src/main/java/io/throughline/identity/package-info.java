/**
 * Who is one person. Deterministic: the partition of identifiers into profiles is a function of the
 * set of stored events, operator decisions and configuration, never of arrival order.
 *
 * <p>Owns what identifies visitors ({@link io.throughline.identity.IdentityConfiguration}), the way
 * from an event to its identifiers ({@link io.throughline.identity.EventIdentifiers}), the pure
 * decision which links hold ({@link io.throughline.identity.Partition}), and the graph in
 * PostgreSQL with its locks and its ledger. What changes the graph, each in a transaction of the
 * caller's:
 *
 * <ul>
 *   <li>{@link io.throughline.identity.IdentityGraph}: the evidence of a batch of events;
 *   <li>{@link io.throughline.identity.LinkDecisions}: an operator keeps two identifiers apart;
 *   <li>{@link io.throughline.identity.IdentityErasure}: somebody is erased, with tombstones or
 *       not;
 *   <li>{@link io.throughline.identity.ClusterSweep}: a changed configuration, a part at a time.
 * </ul>
 *
 * <p>Others read it through {@link io.throughline.identity.Identities} and {@link
 * io.throughline.identity.Evidences}; {@link io.throughline.identity.GraphInvariants} says what
 * must always hold.
 *
 * <p>Tables: {@code identity_*}. No topics, no meters of its own.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace"})
package io.throughline.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
