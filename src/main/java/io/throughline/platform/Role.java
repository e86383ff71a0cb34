package io.throughline.platform;

/**
 * A part of the pipeline that can run as a service of its own ({@code throughline.roles}). Every
 * instance, whatever its roles, serves the management API.
 */
public enum Role {
    /** Accepts events over HTTP and writes them to the log. */
    COLLECT,
    /** Turns the log into profiles; migrates the database; relays updates. */
    RESOLVE,
    /** Turns updates into deliveries. */
    ACTIVATE
}
