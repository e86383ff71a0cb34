package io.throughline.activation.delivery;

import java.util.UUID;

/**
 * A replay that this instance works on.
 *
 * @param token whoever changes the job has to show it
 */
record ReplayJob(long id, int workspace, long destination, UUID token) {}
