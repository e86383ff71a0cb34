/** Workspaces, sources with their write keys, tokens with their roles, and the audit log. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform"})
package io.throughline.workspace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
