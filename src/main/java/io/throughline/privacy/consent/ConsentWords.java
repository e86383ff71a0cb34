package io.throughline.privacy.consent;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was last said of each purpose: a value, whose merge is the same in any order. Of purposes
 * beyond the built-in ones it keeps the 50 that were spoken of last, so that it stays below 30 KB
 * whatever clients send. Each purpose's place among them only ever rises, so that what is kept of a
 * union does not depend on how it was cut; and whether any was left out does not either, because
 * that says no more than that there are over 50.
 *
 * @param crowded whether any purpose was left out
 */
record ConsentWords(SortedMap<Purpose, Word> words, boolean crowded) {
    static final int MOST_CUSTOM = 50;
    static final ConsentWords NONE =
            new ConsentWords(Collections.unmodifiableSortedMap(new TreeMap<>()), false);

    /**
     * @param time epoch milliseconds of the event that said so
     */
    record Word(boolean granted, long time, String messageId, ConsentSource source) {
        /** Of two in one event a refusal stands. */
        static final Comparator<Word> AGE =
                Comparator.comparingLong(Word::time)
                        .thenComparing(Word::messageId)
                        .thenComparing(Word::granted, Comparator.reverseOrder())
                        .thenComparing(Word::source);

        Word newer(Word other) {
            return AGE.compare(this, other) >= 0 ? this : other;
        }
    }

    /** Leaves out what is too much. */
    static ConsentWords of(Map<Purpose, Word> words, boolean crowded) {
        TreeMap<Purpose, Word> kept = new TreeMap<>(words);
        List<Map.Entry<Purpose, Word>> custom =
                words.entrySet().stream().filter(entry -> !entry.getKey().isBuiltIn()).toList();
        boolean tooMany = custom.size() > MOST_CUSTOM;
        if (tooMany) {
            custom.stream()
                    .sorted(
                            Map.Entry.<Purpose, Word>comparingByValue(Word.AGE.reversed())
                                    .thenComparing(Map.Entry.comparingByKey()))
                    .skip(MOST_CUSTOM)
                    .forEach(entry -> kept.remove(entry.getKey()));
        }
        return new ConsentWords(Collections.unmodifiableSortedMap(kept), crowded || tooMany);
    }

    ConsentWords merge(ConsentWords other) {
        if (this.equals(NONE)) {
            return other;
        }
        if (other.equals(NONE)) {
            return this;
        }
        TreeMap<Purpose, Word> merged = new TreeMap<>(words);
        other.words.forEach((purpose, word) -> merged.merge(purpose, word, Word::newer));
        return of(merged, crowded || other.crowded);
    }

    /** How the profile stands to a purpose. */
    Consent on(Purpose purpose, ConsentPolicy policy) {
        Word word = words.get(purpose);
        if (word != null) {
            return new Consent.Said(word.granted, Instant.ofEpochMilli(word.time), word.source);
        }
        return crowded && !purpose.isBuiltIn()
                ? new Consent.CrowdedOut()
                : new Consent.Unknown(policy.grants(purpose));
    }
}
