package io.throughline.collect.plan;

import io.throughline.event.EventType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What people decide about a plan.
 *
 * @param unlisted {@code observe} when not given
 * @param version that of the plan this one was made from; a plan that was changed meanwhile is then
 *     not overwritten. 0 for none; not given overwrites whatever there is
 */
record PlanShape(
        @NotNull PlanMode mode,
        @Nullable UnlistedMode unlisted,
        @NotNull List<@Valid @NotNull Entry> events,
        @Nullable Long version) {

    /**
     * One event of the plan.
     *
     * @param type {@code track}, {@code page}, {@code screen}, {@code identify} or {@code group}
     * @param name of a track call, required there; of a page or a screen, all of them when not
     *     given
     * @param schema JSON Schema of the properties, for {@code identify} and {@code group} of the
     *     traits
     */
    record Entry(
            @NotNull String type,
            @Nullable @Size(max = 200) String name,
            @NotNull JsonNode schema) {
        /** Whatever can be wrong with type and name is said here. */
        EventKey key(String field) throws InvalidPlanException {
            EventType known = type(field);
            String given = name == null || name.isEmpty() ? null : name;
            return switch (known) {
                case TRACK -> {
                    if (given == null) {
                        throw new InvalidPlanException(field + ".name", "is missing");
                    }
                    yield new EventKey(known, given);
                }
                case PAGE, SCREEN -> new EventKey(known, given);
                case IDENTIFY, GROUP -> {
                    if (given != null) {
                        throw new InvalidPlanException(
                                field + ".name", "has no meaning for " + known.wireName());
                    }
                    yield new EventKey(known, null);
                }
                case ALIAS ->
                        throw new InvalidPlanException(
                                field + ".type", "has neither properties nor traits");
            };
        }

        private EventType type(String field) throws InvalidPlanException {
            return EventType.named(type.toLowerCase(Locale.ROOT))
                    .orElseThrow(() ->
                            new InvalidPlanException(
                                    field + ".type",
                                    "must be one of track, page, screen, identify, group"));
        }
    }

    UnlistedMode unlistedOrObserve() {
        return unlisted == null ? UnlistedMode.OBSERVE : unlisted;
    }
}
