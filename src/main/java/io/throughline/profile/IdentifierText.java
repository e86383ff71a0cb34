package io.throughline.profile;

import io.throughline.identity.Identifier;
import io.throughline.identity.Normalization;
import io.throughline.platform.web.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Identifiers as people write them: {@code type:value}, normalised as an event's would be. */
public final class IdentifierText {
    private IdentifierText() {}

    /**
     * Empty when the value is one that no event's identifier can have.
     *
     * @param field for the problem that is thrown when this is no identifier at all
     */
    public static Optional<Identifier> parse(String field, @Nullable String text) {
        if (text == null || !isIdentifier(text)) {
            throw ProblemException.invalid(field, "must be type:value, for instance user_id:42");
        }
        return read(text);
    }

    /** Empty when this is no identifier, or one that no event can have. */
    static Optional<Identifier> read(String text) {
        int colon = text.indexOf(':');
        return isIdentifier(text)
                ? Normalization.identifier(text.substring(0, colon), text.substring(colon + 1))
                : Optional.empty();
    }

    private static boolean isIdentifier(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && Identifier.isType(text.substring(0, colon));
    }

    /** The same where it has to be a usable one. */
    public static Identifier usable(String field, @Nullable String text) {
        return parse(field, text)
                .orElseThrow(() ->
                        ProblemException.invalid(
                                field, "is a value that no visitor is identified by"));
    }
}
