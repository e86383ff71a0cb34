package io.throughline.collect.plan;

import io.throughline.collect.plan.EventSchema.Judged;
import io.throughline.event.EventType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The plan of one source, ready to judge. Immutable and thread-safe; what it finds is a value. */
final class TrackingPlan {
    private final long version;
    private final PlanMode mode;
    private final UnlistedMode unlisted;
    private final Map<EventKey, EventSchema> schemas;
    private final Set<EventType> types;

    private TrackingPlan(
            long version,
            PlanMode mode,
            UnlistedMode unlisted,
            Map<EventKey, EventSchema> schemas) {
        this.version = version;
        this.mode = mode;
        this.unlisted = unlisted;
        this.schemas = Map.copyOf(schemas);
        this.types = EnumSet.of(EventType.TRACK);
        schemas.keySet().forEach(key -> types.add(key.type()));
    }

    /**
     * @throws InvalidPlanException naming the field of the shape that cannot be used
     */
    static TrackingPlan compile(long version, PlanShape shape) throws InvalidPlanException {
        Map<EventKey, EventSchema> schemas = new LinkedHashMap<>();
        for (int i = 0; i < shape.events().size(); i++) {
            String field = "events[" + i + "]";
            PlanShape.Entry entry = shape.events().get(i);
            EventKey key = entry.key(field);
            try {
                if (schemas.put(key, EventSchema.compile(entry.schema())) != null) {
                    throw new InvalidPlanException(field, "lists " + key.shown() + " again");
                }
            } catch (InvalidSchemaException e) {
                throw new InvalidPlanException(field + ".schema" + e.pointer(), e.reason());
            }
        }
        return new TrackingPlan(version, shape.mode(), shape.unlistedOrObserve(), schemas);
    }

    long version() {
        return version;
    }

    PlanMode mode() {
        return mode;
    }

    UnlistedMode unlisted() {
        return unlisted;
    }

    /**
     * Whether an event that is not listed may be refused. A plan that names no page says nothing of
     * pages, and one that names no identify must not cost a site its identities; about track calls
     * every plan speaks.
     */
    boolean speaksOf(EventType type) {
        return types.contains(type);
    }

    boolean lists(EventKey key) {
        return entry(key) != null;
    }

    Finding judge(EventKey key, ObjectNode payload) {
        EventKey entry = entry(key);
        EventSchema schema = entry == null ? null : schemas.get(entry);
        if (entry == null || schema == null) {
            return new Finding.Unlisted();
        }
        return switch (schema.judge(payload)) {
            case Judged.Unjudged(Finding.Reason reason) -> new Finding.Unjudged(reason);
            case Judged.Done read when read.violations().isEmpty() -> new Finding.Conforms();
            case Judged.Done read -> new Finding.Violates(entry, read.violations());
        };
    }

    private @Nullable EventKey entry(EventKey key) {
        for (EventKey entry : key.entries()) {
            if (schemas.containsKey(entry)) {
                return entry;
            }
        }
        return null;
    }
}
