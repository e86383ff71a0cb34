/** Who is one person: identifier nodes, links, the partition into profiles and its ledger. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace"})
package io.throughline.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
