package io.throughline.identity;

import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.platform.web.ProblemException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Values that identify nobody in one workspace. Asked for each identifier of each event: exact
 * values by hash, then the few patterns one by one. Immutable.
 */
final class BlockList {
    /** Each is looked at for each identifier. */
    private static final int MAX_PATTERNS = 100;

    /** What is looked for anywhere in a value; keeps a look of hostile length short. */
    private static final int MAX_INNER_TEXT = 32;

    private static final int MAX_ENTRIES = 1_000;

    /** Every version stays in memory while events carry it. */
    private static final int MAX_TEXT = 32_768;

    private static final String EVERY_TYPE = "";

    private final Map<String, Set<String>> exact = new HashMap<>();
    private final Map<String, List<Pattern>> patterns = new HashMap<>();

    /** Stars at the ends of a text. */
    private record Pattern(boolean leadingStar, String text, boolean trailingStar) {
        boolean matches(String value) {
            if (leadingStar) {
                return trailingStar ? value.contains(text) : value.endsWith(text);
            }
            return value.startsWith(text);
        }
    }

    private BlockList() {}

    /**
     * @throws ProblemException naming the entry that says nothing or too much
     */
    static BlockList of(List<BlockedShape> entries) {
        BlockList list = new BlockList();
        if (entries.size() > MAX_ENTRIES) {
            throw ProblemException.invalid(
                    "blocked", "may have at most " + MAX_ENTRIES + " entries");
        }
        if (entries.stream().mapToInt(entry -> entry.value().length()).sum() > MAX_TEXT) {
            throw ProblemException.invalid(
                    "blocked", "may have at most " + MAX_TEXT + " characters in all");
        }
        int patterns = 0;
        for (int i = 0; i < entries.size(); i++) {
            String field = "blocked[" + i + "]";
            String type = type(entries.get(i), field);
            String value = compared(entries.get(i).value());
            boolean leading = value.startsWith("*");
            boolean trailing = value.length() > 1 && value.endsWith("*");
            String text = value.substring(leading ? 1 : 0, value.length() - (trailing ? 1 : 0));
            if (text.contains("*")) {
                throw ProblemException.invalid(
                        field + ".value", "may have * at its beginning and its end only");
            }
            if (text.isEmpty() && (!leading || type.equals(EVERY_TYPE))) {
                throw ProblemException.invalid(
                        field + ".value",
                        leading
                                ? "would block every value of every type: name a type"
                                : "must not be empty");
            }
            if (leading && trailing && text.length() > MAX_INNER_TEXT) {
                throw ProblemException.invalid(
                        field + ".value",
                        "may have at most " + MAX_INNER_TEXT + " characters between two *");
            }
            if (leading || trailing) {
                if (++patterns > MAX_PATTERNS) {
                    throw ProblemException.invalid(
                            field + ".value",
                            "is too many: at most " + MAX_PATTERNS + " entries may have a *");
                }
                list.patterns
                        .computeIfAbsent(type, none -> new ArrayList<>())
                        .add(new Pattern(leading, text, trailing));
            } else {
                list.exact.computeIfAbsent(type, none -> new HashSet<>()).add(text);
            }
        }
        return list;
    }

    private static String type(BlockedShape entry, String field) {
        if (entry.type() == null) {
            return EVERY_TYPE;
        }
        if (!Identifier.isType(entry.type())) {
            throw ProblemException.invalid(field + ".type", "is not an identifier type");
        }
        return entry.type();
    }

    boolean contains(Identifier identifier) {
        if (exact.isEmpty() && patterns.isEmpty()) {
            return false;
        }
        String value = compared(identifier.value());
        return contains(EVERY_TYPE, value) || contains(identifier.type(), value);
    }

    private boolean contains(String type, String value) {
        return exact.getOrDefault(type, Set.of()).contains(value)
                || patterns.getOrDefault(type, List.of()).stream()
                        .anyMatch(pattern -> pattern.matches(value));
    }

    private static String compared(String value) {
        return Normalizer.normalize(value, Normalizer.Form.NFC).strip().toLowerCase(Locale.ROOT);
    }
}
