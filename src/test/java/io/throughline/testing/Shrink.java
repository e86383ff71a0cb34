package io.throughline.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing story short enough to read. */
public final class Shrink {
    private Shrink() {}

    /**
     * A part of the story, in order, that still fails and no longer does when any one step is left
     * out of it.
     */
    public static <T> List<T> smallest(List<T> failing, Predicate<List<T>> fails) {
        List<T> story = new ArrayList<>(failing);
        for (int size = story.size() / 2; size >= 1; size /= 2) {
            int at = 0;
            while (at < story.size()) {
                List<T> shorter = new ArrayList<>(story.subList(0, at));
                shorter.addAll(story.subList(Math.min(story.size(), at + size), story.size()));
                if (fails.test(shorter)) {
                    story = shorter;
                } else {
                    at += size;
                }
            }
        }
        return story;
    }
}
