package io.throughline.privacy.consent;

import java.util.Arrays;

/** Who said what a visitor allows. */
public enum ConsentSource {
    /** The visitor, on a page or in an app. */
    VISITOR("visitor", "by the visitor"),
    /** A trusted source on the visitor's behalf: a shop, a preference centre, a call centre. */
    SERVER("server", "by a server"),
    /** The visitor's browser, to every site: Global Privacy Control. */
    PRIVACY_CONTROL("gpc", "by the browser's Global Privacy Control");

    private final String word;
    private final String phrase;

    ConsentSource(String word, String phrase) {
        this.word = word;
        this.phrase = phrase;
    }

    static ConsentSource of(String word) {
        return Arrays.stream(values())
                .filter(source -> source.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word));
    }

    /** For a sentence: {@code by the visitor}. */
    public String phrase() {
        return phrase;
    }

    /** As it is stored, and shown in the profile document. */
    @Override
    public String toString() {
        return word;
    }
}
