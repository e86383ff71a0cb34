package io.throughline.identity;

/**
 * How many of a kind one profile may hold, and from when on an identifier is nobody's.
 *
 * @param otherLimit how many emails, phones or identifiers of one custom type a profile holds
 * @param anonymousLimit how many anonymous ids a profile holds
 * @param otherSharedOver an email, phone or custom identifier linked to more user ids than this is
 *     shared: its links are ignored
 * @param anonymousSharedOver the same for an anonymous id
 */
public record IdentityRules(
        int otherLimit, int anonymousLimit, int otherSharedOver, int anonymousSharedOver) {
    public static final IdentityRules DEFAULT = new IdentityRules(5, 1000, 5, 10);

    /** How many identifiers of the type one profile may hold; user ids are bounded by persons. */
    int limit(String type) {
        return switch (type) {
            case Identifier.USER_ID -> Integer.MAX_VALUE;
            case Identifier.ANONYMOUS_ID -> anonymousLimit;
            default -> otherLimit;
        };
    }

    /** Whether an identifier of the type is shared when this many user ids are linked to it. */
    boolean isShared(String type, int users) {
        return switch (type) {
            case Identifier.USER_ID -> false;
            case Identifier.ANONYMOUS_ID -> users > anonymousSharedOver;
            default -> users > otherSharedOver;
        };
    }
}
