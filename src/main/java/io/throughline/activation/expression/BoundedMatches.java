package io.throughline.activation.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;

/**
 * The {@code matches} of filters: linear in the text (RE2), and no more text in one evaluation than
 * {@link #MOST}, however many loops it stands in.
 */
final class BoundedMatches {
    /** Characters of text, each counted once for every hundred steps of the pattern's program. */
    private static final long MOST = 1_000_000;

    private static final int STEPS = 100;
    private static final int PROGRAM = 1_000;
    private static final int REMEMBERED = 1_000;

    static final CelFunctionDecl DECLARATION =
            CelFunctionDecl.newFunctionDeclaration(
                    "matches",
                    CelOverloadDecl.newMemberOverload(
                            "matches_within_bounds",
                            SimpleType.BOOL,
                            SimpleType.STRING,
                            SimpleType.STRING));
    static final CelFunctionBinding BINDING =
            CelFunctionBinding.from(
                    "matches_within_bounds", String.class, String.class, BoundedMatches::matches);

    private static final Cache<String, Pattern> PATTERNS =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private static final ThreadLocal<long[]> USED = ThreadLocal.withInitial(() -> new long[1]);

    private BoundedMatches() {}

    /** A new evaluation on this thread. */
    static void begin() {
        USED.get()[0] = 0;
    }

    private static boolean matches(String text, String expression) throws CelEvaluationException {
        Pattern pattern;
        try {
            pattern = PATTERNS.get(expression, Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new CelEvaluationException("no regular expression: " + e.getDescription());
        }
        if (pattern.programSize() > PROGRAM) {
            throw new CelEvaluationException("the regular expression is too large");
        }
        long[] used = USED.get();
        used[0] += text.length() * (1L + pattern.programSize() / STEPS) + expression.length();
        if (used[0] > MOST) {
            throw new CelEvaluationException(
                    "regular expressions were asked about more than " + MOST + " characters");
        }
        return pattern.matcher(text).find();
    }
}
