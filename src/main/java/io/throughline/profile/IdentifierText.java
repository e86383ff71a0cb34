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
        int colon = text == null ? -1 : text.indexOf(':');
        if (text == null || colon <= 0 || !Identifier.isType(text.substring(0, colon))) {
            throw ProblemException.invalid(field, "must be type:value, for instance user_id:42");
        }
        return Normalization.identifier(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The same where it has to be a usable one. */
    public static Identifier usable(String field, @Nullable String text) {
        return parse(field, text)
                .orElseThrow(() ->
                        ProblemException.invalid(
                                field, "is a value that no visitor is identified by"));
    }
}
