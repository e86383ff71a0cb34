package io.throughline.identity;

/** An operator's decision that two nodes are never one profile, stronger than any link. */
public record CannotLink(long a, long b) {}
