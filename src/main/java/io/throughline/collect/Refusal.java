package io.throughline.collect;

import java.util.Locale;

/**
 * Why one event was not accepted while its request was. The names are stable: clients see them in
 * {@code rejected}, operators as the tag {@code reason} of {@code throughline.collect.refused}.
 */
enum Refusal {
    /** The item of the batch is no JSON object. */
    NOT_AN_OBJECT,
    /** Over 500 levels deep, or a number over 1,000 digits; only in a batch, else it is a 400. */
    TOO_COMPLEX,
    /** The event, with what the batch adds to it, is over the limit of one event. */
    TOO_LARGE,
    /** More keys in {@code properties} or {@code traits} than the limit. */
    TOO_MANY_PROPERTIES,
    /** {@code type} is missing or none of the six calls. */
    UNKNOWN_TYPE,
    /** {@code messageId} is over 255 bytes. */
    MESSAGE_ID_TOO_LONG,
    /** Neither a userId nor an anonymousId. */
    NO_IDENTITY,
    /** A userId, anonymousId, groupId or previousId is over 2,048 bytes. */
    ID_TOO_LONG,
    /** A track call without the name of what happened. */
    NO_EVENT_NAME,
    /** The event's name is over 1,024 bytes. */
    EVENT_NAME_TOO_LONG,
    /** A group call that names no group. */
    NO_GROUP_ID,
    /** It breaks a rule of its source's tracking plan, which is enforced. */
    PLAN_VIOLATION,
    /** The tracking plan of its source does not list it, and refuses such events. */
    UNPLANNED_EVENT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As clients and meters show it: {@code no_identity}. */
    String word() {
        return word;
    }
}
