package io.throughline.platform.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the cursor of the following page; null, and present as null, at the end
 */
public record Page<T>(
        List<T> items, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * From one row more than the page holds: {@code fetched} was selected with {@code LIMIT
     * paging.limit() + 1}, so the end is known without counting.
     *
     * @param cursor where the page after this row begins
     */
    public static <T> Page<T> of(List<T> fetched, Paging paging, Function<T, Cursor> cursor) {
        if (fetched.size() <= paging.limit()) {
            return new Page<>(fetched, null);
        }
        List<T> items = fetched.subList(0, paging.limit());
        return new Page<>(items, cursor.apply(items.getLast()).encoded());
    }

    /** The same page of what the items are shown as. */
    public <R> Page<R> map(Function<T, R> shown) {
        return new Page<>(items.stream().map(shown).toList(), next);
    }
}
