/**
 * Orders and what they are worth, as facets of a profile.
 *
 * <p>Promises: an order counts once per profile, whatever source repeated it; money is decimal,
 * summed exactly, whatever the order of arrival. Owns no table: its states are rows of the
 * profile's facets. Owes {@code order.recorded} when an order first stands on a profile. Others ask
 * {@link io.throughline.commerce.Orders}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "profile"})
package io.throughline.commerce;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
