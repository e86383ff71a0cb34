package io.throughline.identity;

/**
 * One identifier of one workspace, and the part of history anchored to it.
 *
 * @param id from a sequence, never reused; also the internal id of the profile it would found
 */
public record Node(long id, Identifier identifier) {}
