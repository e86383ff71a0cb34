package io.throughline.platform.web;

import org.jspecify.annotations.Nullable;

/**
 * What part of a list is asked for: query parameters {@code limit} and {@code cursor}. A controller
 * method takes it as a plain parameter.
 *
 * @param limit 1 to 1000; 50 when not given, 1000 when more was asked for
 * @param cursor as the previous page returned it, null for the first page
 */
public record Paging(int limit, @Nullable String cursor) {
    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = 1000;

    /**
     * @throws ProblemException invalid-request when {@code limit} is not a positive whole number
     */
    public static Paging of(@Nullable String limit, @Nullable String cursor) {
        String after = cursor == null || cursor.isEmpty() ? null : cursor;
        return new Paging(limit == null || limit.isEmpty() ? DEFAULT_LIMIT : number(limit), after);
    }

    private static int number(String limit) {
        try {
            long asked = Long.parseLong(limit);
            if (asked >= 1) {
                return (int) Math.min(asked, MAX_LIMIT);
            }
        } catch (NumberFormatException e) {
            // answered below, together with zero and negative numbers
        }
        throw ProblemException.invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT);
    }

    /**
     * Where the page begins.
     *
     * @param list the name the cursor was made with
     * @return null for the first page
     * @throws ProblemException invalid-cursor when it is damaged or belongs to another list
     */
    public @Nullable Cursor after(String list) {
        return cursor == null ? null : Cursor.read(list, cursor);
    }
}
