package io.throughline.identity;

/** Why a link did not join its two ends when it was tried. */
public enum Refusal {
    /** Both ends were in groups with a user id. */
    TWO_PERSONS,
    /** Together they would hold more identifiers of a type than one profile may. */
    LIMIT,
    /** An operator keeps apart an identifier of one and an identifier of the other. */
    CANNOT_LINK,
    /** An end is linked to so many users that it is nobody's. */
    QUARANTINE,
    /** The workspace has said meanwhile that an end identifies nobody. */
    BLOCKED
}
