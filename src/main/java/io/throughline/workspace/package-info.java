/**
 * Workspaces, sources with their write keys, tokens with their roles, and the audit log; who may
 * call {@code /api/v1} and what they may do there.
 *
 * <p>Others use {@link io.throughline.workspace.Sources} and {@link
 * io.throughline.workspace.Workspaces}, which answer from memory and never wait for the database,
 * {@link io.throughline.workspace.AuditLog}, and {@link io.throughline.workspace.Callers} about who
 * asks. A controller anywhere that takes a {@code WorkspaceId} gets the one the caller may see.
 * Promises: a change is seen on this instance before its answer, on others within {@code
 * throughline.workspace.refresh} and a load; a token's text is stored nowhere; a foreign workspace
 * answers like one that does not exist.
 *
 * <p>Tables: {@code workspace}, {@code source}, {@code api_token}, {@code workspace_revision},
 * {@code audit_entry}. Topics: none. Meter: {@code throughline.workspace.directory.age}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform"})
package io.throughline.workspace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
