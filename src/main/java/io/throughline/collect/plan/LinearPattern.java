package io.throughline.collect.plan;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/**
 * A regular expression whose time is linear in the text: RE2, which has no back-references and no
 * look-around, and therefore no pattern that hangs. Linear is not cheap, so that both factors are
 * bounded: the compiled size here, size times text by the {@link Work} of the event.
 */
final class LinearPattern implements RegularExpression {
    private static final int MAX_LENGTH = 1_000;

    /** Instructions of RE2; an address or a version number takes 50, a hundred of anything 100. */
    private static final int MAX_SIZE = 1_000;

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws IllegalArgumentException with a sentence for the author of the plan
     */
    static LinearPattern compile(String regex) {
        if (regex.length() > MAX_LENGTH || size(regex) > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "is too large a regular expression; repeat less or shorter things");
        }
        try {
            return new LinearPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "is not a regular expression of RE2, which has no look-ahead and no"
                            + " back-references: "
                            + e.getDescription());
        }
    }

    @Override
    public boolean matches(String text) {
        Work.current().spend((text.length() + 1L) * pattern.programSize());
        return pattern.matcher(text).find();
    }

    /** About how many instructions it compiles to, never fewer; known before RE2 unrolls it. */
    static long size(String regex) {
        return new PatternSize(regex).total();
    }
}
